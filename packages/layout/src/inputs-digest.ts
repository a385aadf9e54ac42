import { hkdfSync } from "node:crypto";
import type { Secret } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { sha256Of } from "./content.ts";
import type { Inputs } from "./inputs.ts";

const PURPOSE = "kubeferry inputs of a run, 1";

/**
 * SHA-256 over everything that decides what a run makes of a base tip, but for the tip and the branches: the configuration,
 * the files that it names, what the sources hold, and what can open it. The numbers and times of snapshots are not in it.
 * @returns undefined where a source does not tell whether its content moved
 */
export function inputsDigest(inputs: Inputs & { readonly config: Config }): string | undefined {
  const { config, cleaner, policies, sources, environments, waiting, destinations, only, secretWriter } = inputs;
  if (sources.some(({ content }) => content === undefined)) return undefined;
  const contents = sources.map(({ sequence: _, snapshotKey: __, takenAt: ___, trace: ____, ...source }) => source);
  const rules = policies.map(({ name, fingerprint }) => [name, fingerprint]);
  const { recipe, warnings } = secretWriter ?? {};
  const identities = config.encryption.identities.map(derived);
  return sha256Of(
    JSON.stringify([
      config,
      identities,
      cleaner.fingerprint,
      rules,
      contents,
      environments,
      waiting,
      destinations,
      only,
      recipe,
      warnings,
    ]),
  );
}

/** Another identity opens other objects; the configuration as JSON does not tell them apart. */
function derived(identity: Secret): string {
  return Buffer.from(hkdfSync("sha256", identity.reveal(), "", PURPOSE, 32)).toString("hex");
}
