import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { namespaceOf } from "../catalog.ts";
import { type TextContent, textContent } from "../content.ts";
import type { FolderSettings, Place } from "../environments/settings.ts";
import { applicationName, destinationFields } from "./names.ts";

/** A workload whose replicas Argo CD is to leave alone. */
export interface ScaledWorkload {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** What all Applications of a repository share. */
export interface ArgoCdSettings {
  /** The namespace Argo CD runs in. */
  readonly namespace: string;
  readonly project: string;
  readonly repositoryUrl: string;
  /** The branch that Argo CD follows. */
  readonly revision: string;
}

/** What one Application is for. */
export interface ApplicationSpec {
  /** "namespaces/shop" or "cluster". */
  readonly folder: string;
  /** Where its overlay lies, from the root of the repository. */
  readonly path: string;
  readonly environment: string;
  readonly place: Place;
  readonly settings: Pick<FolderSettings, "namespace" | "autoSync" | "prune" | "selfHeal" | "syncOptions">;
  /** Workloads under an autoscaler. */
  readonly scaled: readonly ScaledWorkload[];
}

/**
 * The Application of one folder in one environment. It has no finalizer, so deleting it leaves the workloads; it makes
 * no namespace; and it prunes by itself only where that is configured, and never what has no namespace: what goes from
 * Git otherwise is shown by Argo CD and removed by a person.
 */
export function application(spec: ApplicationSpec, settings: ArgoCdSettings): TextContent {
  const { namespace } = spec.settings;
  const source = { path: spec.path };
  const { destination: to, name: place } = spec.place;
  const destination = { ...destinationFields(to), ...(namespace === undefined ? {} : { namespace }) };
  const ignored = spec.scaled.map(ignoreReplicas);
  const options = ["SkipDryRunOnMissingResource=true", ...spec.settings.syncOptions];
  // Without this option the ignored replicas would still be written at every sync.
  if (ignored.length > 0) options.push("RespectIgnoreDifferences=true");
  return applicationFile(applicationName(spec.folder, spec.environment, place), settings, {
    source,
    destination,
    ...(ignored.length > 0 ? { ignoreDifferences: ignored } : {}),
    syncPolicy: syncPolicy({ ...spec.settings, prune: prunes(spec) }, [...new Set(options)]),
  });
}

/** Whether Argo CD is to remove by itself what goes from the folder. */
export function prunes({
  folder,
  settings,
}: {
  readonly folder: string;
  readonly settings: Pick<FolderSettings, "autoSync" | "prune">;
}): boolean {
  return namespaceOf(folder) !== undefined && settings.autoSync && settings.prune;
}

/** The file of any Application of ours. */
export function applicationFile(
  name: string,
  settings: ArgoCdSettings,
  spec: JsonObject & { readonly source: JsonObject },
): TextContent {
  const source = { repoURL: settings.repositoryUrl, targetRevision: settings.revision, ...spec.source };
  return textContent(
    emitYaml({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name, namespace: settings.namespace },
      spec: { ...spec, project: settings.project, source },
    }),
  );
}

/** Manual unless asked for; pruned and healed only when that is asked for too. */
export function syncPolicy(
  { autoSync, prune, selfHeal }: Pick<FolderSettings, "autoSync" | "prune" | "selfHeal">,
  syncOptions: readonly string[],
): JsonObject {
  return {
    ...(autoSync ? { automated: { prune, selfHeal } } : {}),
    retry: { backoff: { duration: "5s", factor: 2, maxDuration: "3m" }, limit: 5 },
    ...(syncOptions.length > 0 ? { syncOptions: [...syncOptions] } : {}),
  };
}

function ignoreReplicas({ group, kind, name }: ScaledWorkload): JsonObject {
  return { ...(group === "" ? {} : { group }), jsonPointers: ["/spec/replicas"], kind, name };
}
