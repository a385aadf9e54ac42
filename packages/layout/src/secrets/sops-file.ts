import { Buffer } from "node:buffer";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { compareUtf8, isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** Which keys' values are encrypted, at any depth, as sops itself looks for them. */
const ENCRYPTED_KEYS = /^(data|stringData)$/;

/** The version of the format: of the sops whose files these are like. */
const SOPS_VERSION = "3.13.3";

/** Encrypts a data key to one age recipient. */
export interface SopsRecipient {
  readonly recipient: string;
  /** @returns an armored age file */
  wrap(dataKey: Buffer): Promise<string>;
}

/**
 * An object as sops would write it: every value below `data` and `stringData` encrypted under a fresh data key, with its
 * path as additional data; the data key encrypted to each recipient; a MAC over all values, which also holds the clear
 * ones in place.
 * @param object maps, texts and booleans only, as a Secret has them
 * @param lastModified RFC 3339; part of what the MAC is bound to
 */
export async function sopsFile(
  object: JsonObject,
  recipients: readonly SopsRecipient[],
  lastModified: string,
): Promise<JsonObject> {
  const dataKey = randomBytes(32);
  const mac = createHash("sha512");
  const encrypted = encryptTree(object, [], dataKey, (value) => void mac.update(value)) as JsonObject;
  const seconds = `${lastModified.slice(0, 19)}Z`;
  const age: JsonObject[] = [];
  for (const { recipient, wrap } of recipients) age.push({ recipient, enc: await wrap(dataKey) });
  return {
    ...encrypted,
    sops: {
      age,
      encrypted_regex: ENCRYPTED_KEYS.source,
      lastmodified: seconds,
      mac: encryptValue(mac.digest("hex").toUpperCase(), dataKey, seconds),
      version: SOPS_VERSION,
    },
  };
}

/** Walks in the order in which the file will be written, which is the order of the MAC. */
function encryptTree(
  value: JsonValue,
  path: readonly string[],
  dataKey: Buffer,
  seen: (value: string) => void,
): JsonValue {
  if (isJsonObject(value)) {
    const keys = Object.keys(value).sort(compareUtf8);
    const entries = keys.map((key) => [key, encryptTree(value[key] ?? null, [...path, key], dataKey, seen)] as const);
    return Object.fromEntries(entries);
  }
  const text = value === true ? "True" : value === false ? "False" : String(value);
  seen(text);
  if (!path.some((key) => ENCRYPTED_KEYS.test(key))) return value;
  return encryptValue(text, dataKey, `${path.join(":")}:`);
}

/** sops leaves an empty text as it is, and uses nonces of 32 bytes. */
function encryptValue(text: string, dataKey: Buffer, additionalData: string): string {
  if (text === "") return "";
  const nonce = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", dataKey, nonce).setAAD(Buffer.from(additionalData, "utf8"));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const [shown, iv, tag] = [data, nonce, cipher.getAuthTag()].map((bytes) => bytes.toString("base64"));
  return `ENC[AES256_GCM,data:${shown},iv:${iv},tag:${tag},type:str]`;
}
