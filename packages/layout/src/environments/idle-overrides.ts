import { type GitOpsConfig, OVERRIDE_KEYS } from "@kubeferry/shared-config";
import type { Findings } from "../findings.ts";
import type { Environment } from "../read/open-sources.ts";
import { namespacesSeen } from "../select/idle-globs.ts";
import { matchesGlob } from "../select/namespace-scope.ts";
import { layerName } from "./layers.ts";
import type { FolderSettings, SettingsOf } from "./settings.ts";

/** Warns of what is configured and does nothing: one warning an environment, and one a namespace that is not there. */
export function warnOfIdleOverrides(
  run: {
    readonly gitops: Pick<GitOpsConfig, "namespaces" | "overrides">;
    readonly environments: readonly Environment[];
    readonly settingsOf: SettingsOf;
  },
  findings: Findings,
): void {
  const namespaces = namespacesSeen(findings);
  for (const { name } of run.environments) {
    const idle = [undefined, ...namespaces]
      .map((namespace) => run.settingsOf(namespace, name))
      .filter((settings) => !settings.overridden && keysOf(settings).length > 0);
    const keys = new Set(idle.flatMap(keysOf));
    if (keys.size > 0) findings.warn(`environment ${name}: ${textOf([...keys])}: ${idle[0]?.reason}`);
  }
  for (const glob of Object.keys(run.gitops.overrides)) {
    if (run.gitops.namespaces.includes(glob)) continue; // Said of gitops.namespaces already.
    if (namespaces.some((namespace) => matchesGlob(namespace, glob))) continue;
    findings.warn(`gitops.overrides: "${glob}" matches no namespace of the snapshot that is adopted`);
  }
}

/** The overrides of an environment by where they are written: "gitops.environments.prod.replicas". */
function keysOf({ layers }: FolderSettings): readonly string[] {
  return layers.flatMap((layer) =>
    OVERRIDE_KEYS.filter((key) => layer.keys[key] !== undefined).map((key) => `${layerName(layer)}.${key}`),
  );
}

function textOf(keys: readonly string[]): string {
  return `${keys.join(", ")} ${keys.length === 1 ? "does" : "do"} nothing`;
}
