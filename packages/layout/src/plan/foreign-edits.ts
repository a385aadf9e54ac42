import type { WantedFile } from "../folders/folder-layout.ts";
import { OWNERSHIP_FILE } from "../folders/ownership.ts";
import type { TipFolder } from "../repository/read-tip.ts";

/**
 * The files of a folder that people changed, deleted, or put where we write. Content equal to ours is ours, whoever
 * wrote it; files we never wrote and do not want to write are nobody's business here.
 * @param wanted what the folder should hold
 * @returns paths from the folder, sorted; empty when the folder is as we left it
 */
export function foreignEdits(tip: TipFolder, wanted: ReadonlyMap<string, WantedFile>): readonly string[] {
  const foreign = new Set<string>();
  const owned = tip.ownership?.files ?? {};
  for (const [path, { sha256 }] of Object.entries(owned)) {
    const there = tip.digests.get(path);
    if (there !== sha256 && there !== wanted.get(path)?.content.sha256) foreign.add(path);
  }
  for (const [path, { content }] of wanted) {
    if (path === OWNERSHIP_FILE) continue;
    const there = tip.digests.get(path);
    if (there !== undefined && there !== content.sha256 && owned[path] === undefined) foreign.add(path);
  }
  // Its digests are all that tells our files from others': it is ours as long as it can be read.
  if (tip.ownership === undefined && tip.digests.has(OWNERSHIP_FILE)) foreign.add(OWNERSHIP_FILE);
  return [...foreign].sort();
}
