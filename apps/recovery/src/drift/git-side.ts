import { join } from "node:path";
import { parseYamlStream } from "@kubeferry/clean";
import type { FileTree } from "@kubeferry/git";
import type { KustomizeProgram } from "@kubeferry/kustomize";
import {
  applicationName,
  CLUSTER_FOLDER,
  namespaceOf,
  opensType,
  overlayPlace,
  type RepositoryShape,
  readTip,
  type Tip,
} from "@kubeferry/layout";
import { type Call, isJsonObject, type ResourceType, typeName } from "@kubeferry/model";
import { type ClusterRef, chainOf, type GitOpsConfig } from "@kubeferry/shared-config";
import { RecoveryError } from "../recovery-error.ts";
import { type FilesSide, filesSide } from "../sides/files-side.ts";
import { buildKustomization } from "../sides/kustomize-program.ts";
import type { ComparedType } from "../sides/side.ts";
import { environmentFor } from "./environment-for.ts";
import { withoutSyncMarks } from "./sync-marks.ts";

/** Where Git's word on a cluster is found. */
export interface GitSideOptions {
  readonly tree: FileTree;
  readonly shape: RepositoryShape;
  readonly gitops: Pick<GitOpsConfig, "environments">;
  /** Of the cluster that is looked at: UID of its namespace kube-system, and what it is called. */
  readonly cluster: ClusterRef & { readonly uid: string };
  /** Only this environment; left out: of each folder the first that is deployed to the cluster. */
  readonly environment?: string;
  readonly served: readonly ResourceType[];
  readonly kustomize: KustomizeProgram;
}

/** What Git wants in a cluster. */
export interface GitSide {
  readonly side: FilesSide;
  /** "namespaces/shop/prod": what was built. */
  readonly overlays: readonly string[];
  /** Names of the Applications that deploy them. */
  readonly applications: ReadonlySet<string>;
}

/**
 * Builds every overlay that is deployed to this cluster. What Git does not speak of, such as namespaces of others and
 * Secrets, is nothing that it misses.
 * @returns close its `side` when it was read
 * @throws RecoveryError "incomparable" where nothing in Git is for this cluster, and for an overlay that cannot be built
 */
export async function gitSide(options: GitSideOptions, call: Call): Promise<GitSide> {
  const { tree, shape, served } = options;
  const chosen = chooseOverlays(await readTip(tree, shape, call), options);
  if (chosen.length === 0) throw nothingFor(options);
  const namespaces = new Set(chosen.flatMap(({ namespace }) => namespace ?? []));
  const side = await filesSide({
    description: `Git, commit ${tree.baseCommit.slice(0, 12)}, ${environmentsOf(chosen)}`,
    served,
    knowsAbsent: (type, key) => isAdopted(type) && namespaces.has(key.slice(0, key.indexOf("/"))),
    leftOut: (type) => leftOut(type),
  });
  try {
    const overlays: string[] = [];
    const root = await tree.checkOut(call);
    for (const { folder, environment } of chosen) {
      const overlay = overlayPlace(shape, folder, environment);
      await addBuilt(side, await buildKustomization(options.kustomize, join(root, overlay), call));
      overlays.push(overlay);
    }
    const applications = new Set(chosen.flatMap((overlay) => applicationsOf(overlay, options.gitops)));
    return { side, overlays, applications };
  } catch (error) {
    await side.close();
    throw error;
  }
}

interface Overlay {
  readonly folder: string;
  readonly environment: string;
  /** As the cluster calls it. */
  readonly namespace: string | undefined;
}

function chooseOverlays(tip: Tip, options: GitSideOptions): readonly Overlay[] {
  return [...tip.folders].flatMap(([folder, { ownership }]) => {
    const namespace = namespaceOf(folder);
    if (ownership === undefined || (namespace === undefined && folder !== CLUSTER_FOLDER)) return [];
    const environment = environmentFor(ownership.environments, options);
    if (environment === undefined) return [];
    const mapped = ownership.environments[environment]?.namespace ?? namespace;
    return [{ folder, environment, namespace: mapped }];
  });
}

function applicationsOf({ folder, environment }: Overlay, { environments }: GitSideOptions["gitops"]): string[] {
  const places = environments[environment] === undefined ? [] : chainOf(environment, environments);
  const names = places.flatMap(([, { destinations }]) => Object.keys(destinations ?? {}));
  return [undefined, ...names].map((place) => applicationName(folder, environment, place));
}

function environmentsOf(overlays: readonly Overlay[]): string {
  const names = [...new Set(overlays.map(({ environment }) => environment))];
  return `${names.length === 1 ? "environment" : "environments"} ${names.join(", ")}`;
}

async function addBuilt(side: FilesSide, text: string): Promise<void> {
  for (const object of parseYamlStream(text)) if (isJsonObject(object)) await side.add(withoutSyncMarks(object));
}

/** Types that are adopted object by object, or not at all: that Git lacks one of them says nothing. */
const ADOPTED_IN_PART: ReadonlySet<string> = new Set([
  "endpoints",
  "endpointslices.discovery.k8s.io",
  "jobs.batch",
  "persistentvolumeclaims",
  "pods",
]);

function isAdopted(type: ComparedType): boolean {
  return type.namespaced && !ADOPTED_IN_PART.has(typeName(type));
}

function leftOut(type: ComparedType): string | undefined {
  if (typeName(type) === "secrets") return "Secrets are not in Git";
  return opensType({ ...type, verbs: [] }) ? undefined : "nothing of it is taken into Git";
}

function nothingFor({ cluster, environment }: GitSideOptions): RecoveryError {
  const which = environment === undefined ? "" : ` environment ${environment} of`;
  return new RecoveryError({
    kind: "incomparable",
    who: "drift",
    operation: "read the base branch",
    problem: `no folder in it is deployed to${which} the cluster ${cluster.domain}/${cluster.name} (UID ${cluster.uid})`,
    next: "merge what `kubeferry gitops` proposed; or name the cluster in gitops.environments.<env>.destination.cluster",
  });
}
