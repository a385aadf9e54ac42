import { Buffer } from "node:buffer";
import { emitJson } from "@kubeferry/clean";
import { managerOf } from "@kubeferry/layout";
import { type Call, isJsonObject, parseJson, typeName } from "@kubeferry/model";
import type { FilesSide } from "../sides/files-side.ts";
import type { Side, SideObject, SideType } from "../sides/side.ts";
import { MARK_PREFIX, withoutSyncMarks } from "./sync-marks.ts";

/** What Git wants in a cluster, and whose it is. */
export interface GitWanted {
  readonly side: FilesSide;
  /** Names of the Applications that are this repository's own. */
  readonly applications: ReadonlySet<string>;
  readonly repositoryUrl: string;
}

/**
 * The cluster as it is now, seen from Git: only types that Git could hold, and of what Git lacks only what nobody else
 * looks after. A chart's objects and what a controller makes are not missing in Git.
 */
export function managedLiveSide(live: Side, { side: git, applications, repositoryUrl }: GitWanted): Side {
  const held = new Map(git.types.map((type) => [typeName(type), type]));
  const known = { ours: applications, inCluster: new Map<string, ReadonlySet<string>>(), repositoryUrl };
  async function* objects(type: SideType, skip: ReadonlySet<string>, call: Call): AsyncIterable<SideObject> {
    for await (const object of live.objects(type, skip, call)) {
      if (!object.readable) continue;
      const inGit = git.has(type, object.key);
      if (!inGit && held.get(typeName(type))?.knowsAbsent(object.key) !== true) continue;
      if (inGit && !object.line.includes(MARK_PREFIX)) {
        yield object;
        continue;
      }
      const whole = parseJson(object.line.toString("utf8"));
      if (!isJsonObject(whole)) continue;
      if (!inGit && managerOf(whole, known) !== undefined) continue;
      yield { ...object, line: Buffer.from(emitJson(withoutSyncMarks(whole)), "utf8") };
    }
  }
  return { ...live, types: live.types.filter((type) => held.has(typeName(type))), objects };
}
