import { generateKeyPairSync } from "node:crypto";
import { generateX25519Identity, identityToRecipient } from "age-encryption";

/** A fresh age pair. */
export async function ageKeys(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A fresh ed25519 pair, in PEM. */
export function signingKeys(): { readonly key: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
