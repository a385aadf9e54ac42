import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { webhookKeyText } from "@kubeferry/model";

/** A key pair as files and configuration hold it. */
export interface KeyPair {
  /** The text of the private key's file; never printed. */
  readonly privateText: string;
  /** Goes into the configuration. */
  readonly publicText: string;
}

/** An age key pair; `publicText` is the recipient, "age1…". */
export async function makeAgeKeys(): Promise<KeyPair> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  return { privateText: `${identity}\n`, publicText: await identityToRecipient(identity) };
}

/** An ed25519 key pair: the private key as PEM (PKCS 8), the public one as the base64 that a PEM of it has inside. */
export async function makeSigningKeys(): Promise<KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("ed25519");
  return {
    privateText: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    publicText: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
  };
}

/** A key that both ends of a backup-complete call share, as its file holds it. */
export function makeWebhookKey(): string {
  return `${webhookKeyText(randomBytes(32))}\n`;
}
