import { emitYaml } from "@kubeferry/clean";
import { compareUtf8, type JsonObject } from "@kubeferry/model";
import type { DestinationConfig, SyncWindowConfig } from "@kubeferry/shared-config";
import { type TextContent, textContent } from "../content.ts";
import type { DirectorySource } from "../shape/shape.ts";
import { type ArgoCdSettings, applicationFile, syncPolicy } from "./application.ts";
import { destinationFields, IN_CLUSTER, rootName } from "./names.ts";

/** An Application that is generated, with the kinds that it deploys. */
export interface DeployedFolder {
  readonly folder: string;
  readonly destination: DestinationConfig;
  /** Where its objects are deployed to; undefined for what has no namespace. */
  readonly namespace: string | undefined;
  readonly kinds: readonly { readonly group: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** When the Applications of one environment may be synced. */
export interface EnvironmentWindows {
  /** Their names. */
  readonly applications: readonly string[];
  readonly windows: readonly SyncWindowConfig[];
}

/** The AppProject: it lets through the destinations and kinds that the Applications really use, and nothing else. */
export function project(
  deployed: readonly DeployedFolder[],
  environments: readonly EnvironmentWindows[],
  settings: ArgoCdSettings,
): TextContent {
  const kinds = deployed.flatMap((each) => each.kinds);
  const root = { namespace: settings.namespace, server: IN_CLUSTER.server };
  const destinations = deployed.map(
    ({ destination, namespace }): JsonObject => ({
      ...destinationFields(destination),
      ...(namespace === undefined ? {} : { namespace }),
    }),
  );
  const syncWindows = environments.flatMap(({ applications, windows }) =>
    windows.map((window) => syncWindow(window, applications)),
  );
  const applications = { group: "argoproj.io", kind: "Application", namespaced: true };
  return textContent(
    emitYaml({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: settings.project, namespace: settings.namespace },
      spec: {
        clusterResourceWhitelist: groupKinds(kinds.filter(({ namespaced }) => !namespaced)),
        description: "What kubeferry generates from this repository, and nothing else.",
        destinations: distinct([...destinations, root]),
        namespaceResourceWhitelist: groupKinds([...kinds.filter(({ namespaced }) => namespaced), applications]),
        sourceRepos: [settings.repositoryUrl],
        ...(syncWindows.length > 0 ? { syncWindows } : {}),
      },
    }),
  );
}

/**
 * The Application that brings all others of an environment: applying it (and the project) is all that is needed. It
 * never prunes: an Application that goes from Git is removed by a person.
 */
export function rootApplication(
  environment: string,
  autoSync: boolean,
  { path, include, recurse }: DirectorySource,
  settings: ArgoCdSettings,
): TextContent {
  return applicationFile(rootName(environment), settings, {
    destination: { namespace: settings.namespace, server: IN_CLUSTER.server },
    source: { directory: { include, recurse }, path },
    syncPolicy: syncPolicy({ autoSync, prune: false, selfHeal: false }, []),
  });
}

/** Names are exact: a window reaches no Application of another environment whose name begins alike. */
function syncWindow(
  { kind, schedule, duration, timeZone, manualSync }: SyncWindowConfig,
  applications: readonly string[],
): JsonObject {
  return {
    applications: [...applications].sort(compareUtf8),
    duration: goDuration(duration),
    kind,
    manualSync,
    schedule,
    timeZone,
  };
}

/** @param durationMs as Go writes it, which knows no days */
function goDuration(durationMs: number): string {
  return durationMs % 60_000 === 0 ? `${durationMs / 60_000}m` : `${durationMs / 1_000}s`;
}

function groupKinds(kinds: DeployedFolder["kinds"]): JsonObject[] {
  return distinct(kinds.map(({ group, kind }) => ({ group, kind })));
}

function distinct(values: readonly JsonObject[]): JsonObject[] {
  const byText = new Map(values.map((value) => [JSON.stringify(Object.entries(value).sort()), value]));
  return [...byText].sort(([left], [right]) => compareUtf8(left, right)).map(([, value]) => value);
}
