import { ConfigError } from "./config-error.ts";
import type { Config, GitOpsConfig } from "./schema/config.ts";

/**
 * The section of stage 2, for commands that need it.
 * @throws ConfigError "missing" when it is not written, or does not say which namespaces are adopted
 */
export function gitopsOf({ gitops }: Config): GitOpsConfig {
  if (gitops === undefined) {
    const example = 'gitops: { namespaces: ["shop"], repository: { url: "https://git.example.com/acme/fleet.git" } }';
    throw missing("gitops", `this command writes to Git and needs at least ${example}`);
  }
  const { namespaces } = gitops;
  if (namespaces === undefined) {
    const wanted = 'write the namespaces to adopt into Git: gitops.namespaces: ["shop", "team-*"], or ["*"] for all';
    throw missing("gitops.namespaces", wanted);
  }
  return { ...gitops, namespaces };
}

function missing(path: string, wanted: string): ConfigError {
  return new ConfigError("missing", [{ path, source: "", text: `missing; ${wanted}` }]);
}
