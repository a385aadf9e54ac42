import type { SecretsMode } from "@kubeferry/model";
import type { Protection, Sealing } from "@kubeferry/snapshot";

/**
 * What a run encrypts. With recipients that is everything that may hold a credential, except Secrets whose values are
 * withheld: their names and keys stay readable. In mode "plain" the operator wanted none of it.
 */
export function sealingOf(secrets: SecretsMode, { sealer }: Protection): Sealing | undefined {
  if (sealer === undefined || secrets === "plain") return undefined;
  return { sealer, seals: () => secrets === "encrypt" };
}
