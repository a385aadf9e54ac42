import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@kubeferry/model";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { createOpener, createSealer, type Opener } from "../protection/age.ts";
import { createProtection, type Protection } from "../protection/protection.ts";
import type { Sealing } from "../writer/sealing.ts";

/** An age key pair as writers and readers use it. */
export interface AgePair {
  readonly recipient: string;
  readonly sealing: Sealing;
  readonly opener: Opener;
}

/** A fresh key pair; all secret types are sealed to it. */
export async function freshPair(): Promise<AgePair> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return {
    recipient,
    sealing: { sealer: await createSealer([recipient]), seals: () => true },
    opener: await createOpener([new Secret(identity)]),
  };
}

/** A signing key pair in the forms a configuration has. */
export interface SigningPair {
  readonly key: Secret;
  /** PEM. */
  readonly publicKey: string;
}

/** A fresh ed25519 pair. */
export function freshSigningPair(): SigningPair {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    key: new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** What a run that signs works with. */
export function signingAs({ key }: SigningPair, unsignedUntil = 0): Promise<Protection> {
  return createProtection({
    encryption: { recipients: [], identities: [] },
    signing: { key, trusted: [], unsignedUntil },
  });
}

/** What a reader that trusts somebody works with. */
export function trusting(pairs: readonly SigningPair[], unsignedUntil = 0): Promise<Protection> {
  return createProtection({
    encryption: { recipients: [], identities: [] },
    signing: { trusted: pairs.map(({ publicKey }) => publicKey), unsignedUntil },
  });
}
