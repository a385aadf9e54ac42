import { type Call, clusterPath, type JsonObject } from "@kubeferry/model";
import type { ClusterRef } from "@kubeferry/shared-config";
import { sha256Of } from "../../content.ts";
import { GitOpsError } from "../../gitops-error.ts";
import type { Source } from "../source.ts";
import { parseFile } from "./parse-file.ts";
import type { TreeFile, TreeFiles } from "./tree-files.ts";
import { type IndexedFile, indexTree } from "./tree-index.ts";

/**
 * A tree of files that any tool wrote, as what stage 2 reads. It proves nothing gone: a file may be missing because
 * nobody wrote it. Files are read again whenever their objects are asked for, one at a time.
 * @param cluster what the configuration says that the tree is of
 * @throws GitOpsError "no-snapshot" for one without any object
 */
export async function openTree(tree: TreeFiles, cluster: ClusterRef, call: Call): Promise<Source> {
  const index = await indexTree(tree, call);
  const id = clusterPath(cluster);
  if (index.files.length + index.unusable.length === 0) throw nothingThere(id, tree);
  return {
    id,
    cluster: { ...cluster, uid: undefined },
    // No UID of a cluster: neither one that a snapshot is of nor another tree is taken for the same.
    origin: { cluster: id, uid: `tree of ${id}`, series: "tree" },
    snapshotKey: tree.place,
    takenAt: undefined,
    at: undefined,
    sequence: undefined,
    gaps: [],
    warnings: [
      `${id}: read from a tree of files, which proves nothing gone: no object's file is removed`,
      ...index.warnings.map((text) => `${id}: ${text}`),
    ],
    unusable: index.unusable,
    content: undefined,
    landsAs: async () => false,
    hasSecretValues: true,
    listsSecrets: false,
    async *objects(select, reading, onBroken = () => undefined) {
      for (const indexed of index.files) {
        const chosen = indexed.objects.filter(({ type }) => select(type));
        for (const { ref, problem } of chosen) if (problem !== undefined) onBroken(ref, problem);
        const good = chosen.filter(({ problem }) => problem === undefined);
        if (good.length === 0) continue;
        const values = await readAgain(id, indexed, reading);
        for (const { type, ref, number } of good) {
          yield { source: id, type, ref, sealed: false, object: values[number] as JsonObject, wasSealed: false };
        }
      }
    },
    absent: async () => new Set(),
    api: async () => undefined,
  };
}

/** What was judged is what is read: other bytes under the same name could hold anything. */
async function readAgain(id: string, { file, sha256 }: IndexedFile, call: Call): Promise<readonly unknown[]> {
  const bytes = await file.read(call);
  if ("problem" in bytes || sha256Of(bytes) !== sha256) throw changed(id, file);
  const values = parseFile(file.path, bytes);
  return "problem" in values ? [] : values;
}

function changed(id: string, { path }: TreeFile): GitOpsError {
  return new GitOpsError({
    kind: "damaged",
    who: "gitops",
    operation: `read the tree of ${id}`,
    problem: `${JSON.stringify(path)} changed while it was read`,
    next: "nothing was written to Git; run again when nothing writes to the tree",
  });
}

/** An empty answer is most often a wrong prefix, and would pass for a cluster without objects. */
function nothingThere(id: string, { place }: TreeFiles): GitOpsError {
  return new GitOpsError({
    kind: "no-snapshot",
    who: "gitops",
    operation: `read the tree of ${id}`,
    problem: `there is no object below "${place}"`,
    next: "look at gitops.source.prefix or path",
  });
}
