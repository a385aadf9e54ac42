import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Secret } from "@kubeferry/model";
import { sha256Hex } from "../blob/digest.ts";
import { SnapshotError } from "../snapshot-error.ts";

/** Signs manifests with one ed25519 key. */
export interface Signer {
  /** @returns the line that follows the manifest, line feed included; equal manifests give equal lines */
  lineFor(manifestLine: Buffer): Buffer;
}

/** Whose signatures are believed. */
export interface Trust {
  /** By key id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Snapshots up to this sequence may be unsigned. */
  readonly unsignedUntil: number;
}

/** A signature as it stands under a manifest. */
export interface ManifestSignature {
  /** 16 hex digits of the SHA-256 of the raw public key. */
  readonly key: string;
  /** 64 bytes. */
  readonly ed25519: Buffer;
}

/** In front of the signed bytes, so that a signature made for something else never fits a manifest. */
const CONTEXT = Buffer.from("kubeferry manifest\n");
const LINE = /^\{"signature":\{"ed25519":"([A-Za-z0-9+/]{86}==)","key":"([0-9a-f]{16})"\}\}\n$/;
const KEY_ID_DIGITS = 16;
const RAW_KEY_BYTES = 32;

/** @throws SnapshotError "invalid", without a byte of the key */
export function createSigner(key: Secret): Signer {
  const privateKey = parsePrivateKey(key);
  const id = keyIdOf(createPublicKey(privateKey));
  return {
    lineFor(manifestLine) {
      const ed25519 = sign(null, Buffer.concat([CONTEXT, manifestLine]), privateKey);
      return Buffer.from(signatureText(id, ed25519));
    },
  };
}

/** What a configuration says of whom to believe. */
export interface TrustSettings {
  readonly key?: Secret | undefined;
  readonly trusted: readonly string[];
  readonly unsignedUntil: number;
}

/**
 * @returns undefined when nobody is named: then signatures are not looked at
 * @throws SnapshotError "invalid" naming the setting
 */
export function createTrust({ key, trusted, unsignedUntil }: TrustSettings): Trust | undefined {
  const keys = trusted.map(parsePublicKey);
  if (key !== undefined) keys.push(createPublicKey(parsePrivateKey(key)));
  if (keys.length === 0) return undefined;
  return { keys: new Map(keys.map((each) => [keyIdOf(each), each])), unsignedUntil };
}

/** @returns undefined when the bytes are anything but one signature line in its one form */
export function parseSignatureLine(bytes: Buffer): ManifestSignature | undefined {
  const [, base64, key] = LINE.exec(bytes.toString("latin1")) ?? [];
  if (base64 === undefined || key === undefined) return undefined;
  const ed25519 = Buffer.from(base64, "base64");
  // Base64 has several spellings of the last byte; only one of them is ours.
  return signatureText(key, ed25519) === bytes.toString("latin1") ? { key, ed25519 } : undefined;
}

/** Says why a signature is not believed; undefined when it is. */
export function signatureProblem(
  manifestLine: Buffer,
  { key, ed25519 }: ManifestSignature,
  { keys }: Trust,
): string | undefined {
  const publicKey = keys.get(key);
  if (publicKey === undefined) return `it is signed with key ${key}, which is not among signing.trusted`;
  const signed = Buffer.concat([CONTEXT, manifestLine]);
  return verify(null, signed, publicKey, ed25519) ? undefined : `its signature by key ${key} does not fit its bytes`;
}

function signatureText(key: string, ed25519: Buffer): string {
  return `{"signature":{"ed25519":"${ed25519.toString("base64")}","key":"${key}"}}\n`;
}

/** A public key as DER ends in its 32 raw bytes. */
function keyIdOf(publicKey: KeyObject): string {
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-RAW_KEY_BYTES);
  return sha256Hex(raw).slice(0, KEY_ID_DIGITS);
}

function parsePrivateKey(key: Secret): KeyObject {
  const parsed = parsedOrUndefined(() => createPrivateKey(key.reveal()));
  if (parsed?.asymmetricKeyType === "ed25519") return parsed;
  throw invalidKey("signing.key", "it is not an ed25519 private key in PEM", "openssl genpkey -algorithm ed25519");
}

function parsePublicKey(text: string, index: number): KeyObject {
  const isPem = text.includes("-----BEGIN PUBLIC KEY-----");
  const der = Buffer.from(text, "base64");
  const parsed = parsedOrUndefined(() => createPublicKey(isPem ? text : { key: der, format: "der", type: "spki" }));
  if (parsed?.asymmetricKeyType === "ed25519") return parsed;
  throw invalidKey(`signing.trusted.${index}`, "it is not an ed25519 public key", "openssl pkey -in key.pem -pubout");
}

/** What the parser says may quote the key, so it is dropped. */
function parsedOrUndefined(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function invalidKey(setting: string, problem: string, command: string): SnapshotError {
  const next = `write what \`${command}\` prints`;
  return new SnapshotError({ kind: "invalid", who: "snapshot", operation: `read ${setting}`, problem, next });
}
