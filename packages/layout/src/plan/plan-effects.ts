import type { Call } from "@kubeferry/model";
import { sha256Of } from "../content.ts";
import { type FolderEffects, folderEffects, NO_EFFECTS } from "../effects/folder-effects.ts";
import { type FolderState, folderState } from "../effects/folder-state.ts";
import type { LaidOutEnvironment, WantedFile } from "../folders/folder-layout.ts";
import type { OwnedFile } from "../folders/ownership.ts";
import { tipFolder } from "../repository/read-tip.ts";
import type { FolderPlan } from "./plan.ts";
import type { Planning } from "./planning.ts";

/**
 * What a folder's plan does to its objects, environment by environment.
 * @param laidOut the environments that the folder has an overlay for once it is merged
 */
export async function planEffects(
  { folder, changes, wanted }: Pick<FolderPlan, "folder" | "changes" | "wanted">,
  laidOut: readonly LaidOutEnvironment[],
  planning: Planning,
  call: Call,
): Promise<FolderEffects> {
  const { added, changed, removed } = changes;
  if (wanted === undefined || added.length + changed.length + removed.length === 0) return NO_EFFECTS;
  const moved = new Set(removed.flatMap(({ path, moved: isMoved }) => (isMoved === true ? [path] : [])));
  const options = {
    before: stateBefore(folder, planning, call),
    after: stateAfter(wanted, laidOut, planning),
    environments: planning.environments,
    isMoved: (path: string) => moved.has(planning.shape.place(folder, path)),
  };
  return folderEffects(options, call);
}

function stateBefore(folder: string, { tip, tree, shape }: Planning, call: Call): FolderState {
  const { ownership, digests } = tipFolder(tip, folder);
  const files = Object.entries(ownership?.files ?? {}).flatMap(([path, file]): [string, OwnedFile][] => {
    const sha256 = digests.get(path);
    return sha256 === undefined ? [] : [[path, { ...file, sha256 }]];
  });
  return folderState({
    files,
    environments: Object.entries(ownership?.environments ?? {}).map(([name, origin]) => ({ ...origin, name })),
    async read(path) {
      const expected = digests.get(path);
      if (expected === undefined || !/^[0-9a-f]{64}$/.test(expected)) return undefined;
      const bytes = await tree.readFile(tree.baseCommit, shape.place(folder, path), call);
      return bytes !== undefined && sha256Of(bytes) === expected ? bytes.toString("utf8") : undefined;
    },
  });
}

function stateAfter(
  wanted: ReadonlyMap<string, WantedFile>,
  environments: readonly LaidOutEnvironment[],
  { spool }: Planning,
): FolderState {
  const files = [...wanted].map(([path, { content, object }]): [string, OwnedFile] => {
    const { sha256, secret } = content;
    const marks = { ...(object === undefined ? {} : { object }), ...(secret === undefined ? {} : { secret }) };
    return [path, { sha256, ...marks }];
  });
  return folderState({
    files,
    environments,
    async read(path) {
      const content = wanted.get(path)?.content;
      return content === undefined ? undefined : (await spool.read(content)).toString("utf8");
    },
  });
}
