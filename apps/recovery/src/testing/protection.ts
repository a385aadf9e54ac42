import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@kubeferry/model";
import { createProtection, type Protection } from "@kubeferry/snapshot";
import { generateX25519Identity, identityToRecipient } from "age-encryption";

/** Whoever writes with fresh keys, and whoever reads without an identity. */
export interface TestKeys {
  readonly writer: Protection;
  readonly reader: Protection;
}

/** Fresh keys to encrypt with and to sign with. */
export async function freshKeys(): Promise<TestKeys> {
  const identity = await generateX25519Identity();
  const { privateKey } = generateKeyPairSync("ed25519");
  const key = new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const signing = { key, trusted: [], unsignedUntil: 0 };
  const recipients = [await identityToRecipient(identity)];
  return {
    writer: await createProtection({ encryption: { recipients, identities: [new Secret(identity)] }, signing }),
    reader: await createProtection({ encryption: { recipients: [], identities: [] }, signing }),
  };
}

/** Nothing is encrypted, signed or believed. */
export const NO_KEYS: Protection = await createProtection({
  encryption: { recipients: [], identities: [] },
  signing: { trusted: [], unsignedUntil: 0 },
});
