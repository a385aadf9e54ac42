import { Secret } from "@kubeferry/model";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { createOpener, createSealer, type Opener } from "../protection/age.ts";
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
