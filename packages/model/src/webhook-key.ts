const PREFIX = "whsec_";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** By the Standard Webhooks specification. */
const BYTES = { min: 24, max: 64 } as const;

/**
 * The bytes of a webhook key, "whsec_<base64>"; undefined for a text that is none, or is too short or too long for one.
 * @see Standard Webhooks, symmetric signatures: 24 to 64 bytes
 */
export function webhookKeyBytes(text: string): Buffer | undefined {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : "";
  if (!BASE64.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  return bytes.length < BYTES.min || bytes.length > BYTES.max ? undefined : bytes;
}

/** Writes such a key. @param bytes 24 to 64 of a good source of chance */
export function webhookKeyText(bytes: Buffer): string {
  return `${PREFIX}${bytes.toString("base64")}`;
}
