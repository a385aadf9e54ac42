import { Buffer } from "node:buffer";
import { annotationOf, at, isJsonObject, type JsonObject, keysAt, parseJson, textAt } from "@kubeferry/model";

/**
 * The clear values of Secrets, for one question: does this text hold one? Only a snapshot taken with `plain` has any.
 * Values under 8 characters, single words and bare numbers are not looked for: they are everywhere. Certificates and
 * public keys are no secrets.
 */
export interface SecretValues {
  /** Takes a Secret's values, those in its last-applied annotation too. */
  learn(secret: JsonObject): void;
  /** True when the text holds one of the values, as it is or in base64. */
  isIn(text: string): boolean;
}

/** How many characters are hashed at once: the shortest value that is looked for. */
const WINDOW = 8;
const BUCKETS = 1 << 16;

/** No values yet. */
export function createSecretValues(): SecretValues {
  const byHash = new Map<number, Set<string>>();
  // Nearly every position of a text is dismissed by this table, without a look-up in the map.
  const filled = new Uint8Array(BUCKETS);
  const learnText = (text: string): void => {
    if (text.length < WINDOW) return;
    const hash = hashAt(text, 0);
    filled[hash & (BUCKETS - 1)] = 1;
    byHash.set(hash, (byHash.get(hash) ?? new Set<string>()).add(text));
  };
  return {
    learn(secret) {
      for (const value of valuesOf(secret)) for (const form of formsOf(value)) learnText(form);
    },
    isIn(text) {
      if (byHash.size === 0) return false;
      for (let at = 0; at + WINDOW <= text.length; at++) {
        const hash = hashAt(text, at);
        if (filled[hash & (BUCKETS - 1)] === 0) continue;
        for (const value of byHash.get(hash) ?? []) if (text.startsWith(value, at)) return true;
      }
      return false;
    },
  };
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let index = at; index < at + WINDOW; index++) hash = Math.imul(hash, 31) + text.charCodeAt(index);
  return hash | 0;
}

/** A Secret's values as bytes. */
function* valuesOf(secret: JsonObject): Generator<Buffer> {
  // Of a token's parts only the token is secret: the others are a namespace's name and a certificate.
  const token = textAt(secret, "type") === "kubernetes.io/service-account-token";
  for (const holder of [secret, lastAppliedOf(secret)]) {
    for (const key of keysAt(holder, "data")) {
      if (!token || key === "token") yield Buffer.from(textAt(holder, "data", key) ?? "", "base64");
    }
    for (const key of keysAt(holder, "stringData")) yield Buffer.from(textAt(holder, "stringData", key) ?? "", "utf8");
  }
}

function lastAppliedOf(secret: JsonObject): JsonObject {
  const text = annotationOf(secret, "kubectl.kubernetes.io/last-applied-configuration");
  if (text === undefined) return {};
  try {
    const applied = parseJson(text);
    return isJsonObject(applied) && at(applied, "kind") === "Secret" ? applied : {};
  } catch {
    return {}; // Not JSON, so not kubectl's: it holds no values under known names.
  }
}

/**
 * How a value could have been copied: as it is, without the line feed at its end, inside JSON or an address, in base64,
 * and inside of something that is in base64: "user:password" of a header, a configuration file.
 */
function formsOf(value: Buffer): readonly string[] {
  const text = value.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(value)) return [base64(value)];
  const trimmed = text.trim();
  if (!isTelling(trimmed)) return [];
  const escaped = [JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed)];
  return [...new Set([trimmed, base64(value), ...escaped, ...insideBase64(Buffer.from(trimmed, "utf8"))])];
}

/** What base64 makes of a value wherever it begins, without the characters that hold bits of what is around it. */
function insideBase64(value: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = base64(Buffer.concat([Buffer.alloc(before), value]));
    const isWhole = (before + value.length) % 3 === 0;
    return text.slice([0, 2, 3][before], isWhole ? undefined : -1);
  });
}

function base64(value: Buffer): string {
  return value.toString("base64").replace(/=+$/, "");
}

function isTelling(text: string): boolean {
  if (text.length < WINDOW || /^[A-Za-z]?[a-z]{0,14}$/.test(text) || /^\d{0,15}$/.test(text)) return false;
  const withoutPublic = text.replace(/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]*-----END \1-----/g, "");
  return withoutPublic.trim() !== "";
}
