import { emitYaml } from "@kubeferry/clean";
import { compareUtf8, type JsonObject } from "@kubeferry/model";
import type { DestinationConfig } from "@kubeferry/shared-config";
import { namespaceOf } from "../catalog.ts";
import { type TextContent, textContent } from "../content.ts";
import type { DirectorySource } from "../shape/shape.ts";
import { type ArgoCdSettings, applicationFile, syncPolicy } from "./application.ts";
import { destinationFields, IN_CLUSTER, rootName } from "./names.ts";

/** An Application that is generated, with the kinds that it deploys. */
export interface DeployedFolder {
  readonly folder: string;
  readonly destination: DestinationConfig;
  readonly kinds: readonly { readonly group: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** The AppProject: it lets through the destinations and kinds that the Applications really use, and nothing else. */
export function project(deployed: readonly DeployedFolder[], settings: ArgoCdSettings): TextContent {
  const kinds = deployed.flatMap((each) => each.kinds);
  const root = { namespace: settings.namespace, server: IN_CLUSTER.server };
  const destinations = deployed.map(({ folder, destination }): JsonObject => {
    const namespace = namespaceOf(folder);
    return { ...destinationFields(destination), ...(namespace === undefined ? {} : { namespace }) };
  });
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

function groupKinds(kinds: DeployedFolder["kinds"]): JsonObject[] {
  return distinct(kinds.map(({ group, kind }) => ({ group, kind })));
}

function distinct(values: readonly JsonObject[]): JsonObject[] {
  const byText = new Map(values.map((value) => [JSON.stringify(Object.entries(value).sort()), value]));
  return [...byText].sort(([left], [right]) => compareUtf8(left, right)).map(([, value]) => value);
}
