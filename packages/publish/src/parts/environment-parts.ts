import {
  ARGOCD_FOLDER,
  type FolderChanges,
  type FolderPlan,
  GitOpsError,
  type Plan,
  type RepositoryShape,
  type Tip,
  type TipFolder,
  tipFolder,
} from "@kubeferry/layout";
import { ARGOCD_PART, type Part } from "./part.ts";
import { type PartOfFolder, planOfPart } from "./part-of-folder.ts";

/** What cutting by environment looks at. */
export interface SplitFacts {
  readonly tip: Tip;
  readonly shape: RepositoryShape;
  /** "crc.testing/wrl62": the cluster that an environment is made from, by the configuration or by what Git says of it. */
  clusterOf(environment: string): string;
}

/**
 * One part for each environment, or for each group of them; what no environment has for itself (`secrets.todo.md`) goes
 * with every part that changes something beside it. The folder of Argo CD's own files is a part of its own.
 * @param partOf the part of an environment
 * @throws GitOpsError "config" for a folder in which environments build on a shared base
 */
export function environmentParts(
  plan: Plan,
  { tip, shape }: SplitFacts,
  partOf: (environment: string) => string,
): readonly Part[] {
  const parts = new Map<string, FolderPlan[]>();
  const put = (part: string, folder: FolderPlan) => parts.set(part, [...(parts.get(part) ?? []), folder]);
  for (const folder of plan.folders) {
    if (folder.folder === ARGOCD_FOLDER) {
      put(ARGOCD_PART, folder);
      continue;
    }
    const there = tipFolder(tip, folder.folder);
    if (folder.wanted !== undefined) refuseBase(folder, there);
    const names = partNames(folder, there, partOf);
    const cuts = names.map((name) => ({ name, isOwn: (path: string) => isOf(path, name, partOf) }));
    for (const [name, part] of cutFolder(folder, there, cuts, shape)) put(name, part);
  }
  return [...parts].map(([name, folders]) => ({ name, plan: { folders } }));
}

/** The parts that have something in a folder, now or once the plan is merged, in order of their names. */
function partNames(
  { wanted }: FolderPlan,
  { ownership }: TipFolder,
  partOf: (environment: string) => string,
): readonly string[] {
  const paths = [...(wanted?.keys() ?? []), ...Object.keys(ownership?.files ?? {})];
  const environments = new Set(paths.flatMap((path) => environmentOf(path) ?? []));
  return [...new Set([...environments].map(partOf))].sort();
}

function isOf(path: string, part: string, partOf: (environment: string) => string): boolean {
  const environment = environmentOf(path);
  return environment !== undefined && partOf(environment) === part;
}

/** The environment that a file of a folder is for; undefined for one that is of the folder as a whole. */
function environmentOf(path: string): string | undefined {
  const slash = path.indexOf("/");
  return slash < 0 ? undefined : path.slice(0, slash);
}

function cutFolder(
  folder: FolderPlan,
  there: TipFolder,
  cuts: readonly PartOfFolder[],
  shape: RepositoryShape,
): readonly (readonly [string, FolderPlan])[] {
  const parts = cuts.map((cut) => [cut.name, planOfPart(folder, there, cut, { shape, shared: false })] as const);
  const isIdle = parts.every(([, { changes }]) => countOf(changes) === 0);
  const [first] = cuts;
  if (!isIdle || first === undefined || countOf(folder.changes) === 0) return parts;
  // Only what belongs to no environment changes: somebody has to bring it.
  return parts.map(([name, part]) =>
    name === first.name ? [name, planOfPart(folder, there, first, { shape, shared: true })] : [name, part],
  );
}

function countOf({ added, changed, removed }: FolderChanges): number {
  return added.length + changed.length + removed.length;
}

/** What environments share cannot be approved for one of them. */
function refuseBase({ folder, wanted }: FolderPlan, { ownership }: TipFolder): void {
  const shares = (paths: Iterable<string>) => [...paths].some((path) => path.startsWith("base/"));
  const before = shares(Object.keys(ownership?.files ?? {}));
  if (!before && !shares(wanted?.keys() ?? [])) return;
  throw new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "split the request",
    problem: before
      ? `${folder}/base is shared by all environments in the base branch, so that none of them can be approved apart`
      : `${folder}/base is shared by all environments, so that none of them can be approved apart`,
    next: before
      ? "propose and merge it once with gitops.flat: true and gitops.pullRequest.split: none; then split"
      : "set gitops.flat: true, or gitops.pullRequest.split: namespace",
  });
}
