import { hkdfSync } from "node:crypto";
import type { Secret } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { sha256Of } from "./content.ts";
import type { Inputs } from "./inputs.ts";
import type { Source } from "./read/source.ts";

const PURPOSE = "kubeferry inputs of a run, 1";

/**
 * SHA-256 over everything that decides what a run makes of a base tip, but for the tip, the branches and the content of its
 * sources: the configuration, the files that it names, which sources there are, and what can open them.
 */
export function inputsDigest(inputs: Inputs & { readonly config: Config }): string {
  const { config, cleaner, policies, sources, environments, waiting, destinations, only, secretWriter } = inputs;
  const origins = sources.map(originOf);
  const rules = policies.map(({ name, fingerprint }) => [name, fingerprint]);
  const { recipe, warnings } = secretWriter ?? {};
  const identities = config.encryption.identities.map(derived);
  return sha256Of(
    JSON.stringify([
      config,
      identities,
      cleaner.fingerprint,
      rules,
      origins,
      environments,
      waiting,
      destinations,
      only,
      recipe,
      warnings,
    ]),
  );
}

/** Which snapshot it is, and what is in it, `content` says. */
function originOf({
  sequence: _,
  snapshotKey: __,
  takenAt: ___,
  trace: ____,
  content: _____,
  ...source
}: Source): unknown {
  return source;
}

/** Another identity opens other objects; the configuration as JSON does not tell them apart. */
function derived(identity: Secret): string {
  return Buffer.from(hkdfSync("sha256", identity.reveal(), "", PURPOSE, 32)).toString("hex");
}
