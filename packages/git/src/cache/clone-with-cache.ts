import { copyFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "@kubeferry/model";
import { shallowEdge } from "../branch-history.ts";
import { GitError } from "../git-error.ts";
import { type CloneTarget, fetchClone, initialiseClone, type PreparedClone, packsOf } from "../prepare-clone.ts";
import type { Git } from "../run-git.ts";
import { type CloneCache, type KeptClone, openCloneCache } from "./clone-cache.ts";

/**
 * Clones, with what an earlier run kept: only what is new is fetched then. Of the kept clone only packs are used, whose
 * every object is read anew: configuration, hooks and everything else are made here. One that turns out broken is thrown
 * away, and the clone is made anew.
 * @throws as `fetchClone`; GitError "invalid" for a folder that others can write to
 */
export async function cloneWithCache(
  git: Git,
  target: CloneTarget,
  folder: string,
  call: Call,
): Promise<PreparedClone> {
  const cache = await openCloneCache(folder, { url: target.remote.url, base: target.base });
  const kept = await cache.find();
  const used = kept === undefined ? undefined : await cloneFromKept(git, target, { cache, kept }, call);
  const clone = used ?? (await cloneAnew(git, target, call));
  await keep(cache, clone, call);
  return clone;
}

async function cloneAnew(git: Git, target: CloneTarget, call: Call): Promise<PreparedClone> {
  for (const name of await readdir(target.folder))
    await rm(join(target.folder, name), { recursive: true, force: true });
  await initialiseClone(git, target, call);
  return fetchClone(git, target, call);
}

/** What another try without the kept clone would not change. */
const NOT_THE_CLONES_FAULT: ReadonlySet<string> = new Set(["denied", "not-found", "unavailable", "missing-git"]);

async function cloneFromKept(
  git: Git,
  target: CloneTarget,
  { cache, kept }: { readonly cache: CloneCache; readonly kept: KeptClone },
  call: Call,
): Promise<PreparedClone | undefined> {
  await initialiseClone(git, target, call);
  if (!(await isFilled(git, target, kept, call))) {
    await discard(cache, target, call);
    return undefined;
  }
  try {
    return await fetchClone(git, target, call);
  } catch (error) {
    call.signal.throwIfAborted();
    if (!(error instanceof GitError) || NOT_THE_CLONES_FAULT.has(error.kind)) throw error;
    await discard(cache, target, call);
    return undefined;
  }
}

/** Puts kept packs into a new repository. @returns false where they are not what they should be */
async function isFilled(git: Git, { folder, base }: CloneTarget, kept: KeptClone, call: Call): Promise<boolean> {
  const operation = "use the kept clone";
  try {
    for (const path of kept.packs) {
      const pack = join(".git", "objects", "pack", path.slice(path.lastIndexOf("/") + 1));
      await copyFile(path, join(folder, pack));
      // Names every object by its own bytes again: what was tampered with has another name, and is not there.
      await git.text({ operation, args: ["index-pack", "--promisor", pack] }, call);
    }
    const shallow = kept.shallow.map((commit) => `${commit}\n`).join("");
    if (shallow !== "") await writeFile(join(folder, ".git", "shallow"), shallow);
    await git.text({ operation, args: ["update-ref", `refs/remotes/origin/${base}`, kept.tip] }, call);
    return true;
  } catch {
    call.signal.throwIfAborted();
    return false;
  }
}

async function discard(cache: CloneCache, { remote, base }: CloneTarget, call: Call): Promise<void> {
  call.log.warn("kept clone is broken, cloning anew", { operation: "git_read", url: remote.url, base });
  await cache.discard();
}

async function keep(cache: CloneCache, { folder, baseCommit }: PreparedClone, call: Call): Promise<void> {
  try {
    const shallow = [...(await shallowEdge(folder))].sort();
    await cache.keep({ tip: baseCommit, shallow, packs: await packsOf(folder) });
  } catch (error) {
    // The run has its clone; the next one fetches a little more.
    call.log.warn("clone could not be kept", { operation: "git_read", error });
  }
}
