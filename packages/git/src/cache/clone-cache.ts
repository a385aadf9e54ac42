import { createHash, randomUUID } from "node:crypto";
import { copyFile, lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, parseJson } from "@kubeferry/model";
import { removeLeftovers } from "../leftovers.ts";
import { openCacheFolder } from "./cache-folder.ts";

/** What is kept of a clone: packs as the server sent them, and where its history was cut. */
export interface KeptClone {
  /** The base branch's tip at that time. */
  readonly tip: string;
  /** Commits whose parents were not fetched. */
  readonly shallow: readonly string[];
  /** Paths of the packs. */
  readonly packs: readonly string[];
}

/** Clones of earlier runs, one a remote and branch, each in a folder that is only ever replaced as a whole: a run copies
 * it, and two runs at once share nothing. */
export interface CloneCache {
  /** @returns undefined where nothing, or nothing usable, is kept */
  find(): Promise<KeptClone | undefined>;
  /** Keeps a clone in place of the last one. */
  keep(clone: KeptClone): Promise<void>;
  /** Removes what is kept: it turned out broken. */
  discard(): Promise<void>;
}

const STATE = "clone.json";
const PACK = /^pack-[0-9a-f]{40,64}\.pack$/;
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
/** Each run that finds something new adds packs; then the clone is made anew, and what nobody needs any more goes. */
const MOST_PACKS = 40;
/** Of a clone, and of what else runs keep beside it. */
const LEFT_BEHIND = /^(run-)?[0-9a-f]{32}(\.json)?\.[0-9a-f-]{36}$/;

/**
 * Opens the folder of kept clones, made for this user only, and removes what killed runs left in it a day ago.
 * @throws GitError "invalid" for a folder that is a link, somebody else's, or open to others
 */
export async function openCloneCache(
  folder: string,
  remote: { readonly url: string; readonly base: string },
): Promise<CloneCache> {
  const root = await openCacheFolder(folder);
  await removeLeftovers(root, LEFT_BEHIND);
  const name = createHash("sha256")
    .update(JSON.stringify([remote.url, remote.base]))
    .digest("hex")
    .slice(0, 32);
  const place = join(root, name);
  return {
    find: () => readKept(place),
    keep: (clone) => replaceKept(place, clone),
    discard: () => rm(place, { recursive: true, force: true }),
  };
}

// Nothing of what is found is believed: the state only says what to look for, and git reads every object of a pack
// again when it is indexed.
async function readKept(place: string): Promise<KeptClone | undefined> {
  try {
    if (!(await lstat(place)).isDirectory()) return undefined;
    const { tip, shallow, packs } = readState(await readPlain(join(place, STATE)));
    if (packs.length > MOST_PACKS) return undefined;
    const paths = packs.map((name) => join(place, name));
    for (const path of paths) if (!(await lstat(path)).isFile()) return undefined;
    return { tip, shallow, packs: paths };
  } catch {
    return undefined; // not there, being replaced at this moment, or damaged: a clone is made anew
  }
}

async function readPlain(path: string): Promise<string> {
  if (!(await lstat(path)).isFile()) throw new Error(`${path} is no file`);
  return readFile(path, "utf8");
}

function readState(text: string): KeptClone {
  const state = parseJson(text);
  if (!isJsonObject(state) || state.format !== 1) throw new Error("another format");
  const { tip, shallow, packs } = state;
  if (!isNames([tip], COMMIT) || !isNames(shallow, COMMIT) || !isNames(packs, PACK)) throw new Error("damaged");
  return { tip: String(tip), shallow, packs };
}

function isNames(value: unknown, form: RegExp): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string" && form.test(name));
}

async function replaceKept(place: string, clone: KeptClone): Promise<void> {
  const next = `${place}.${randomUUID()}`;
  const last = `${place}.${randomUUID()}`;
  try {
    await mkdir(next, { mode: 0o700 });
    const names = clone.packs.map((path) => path.slice(path.lastIndexOf("/") + 1));
    for (const [at, path] of clone.packs.entries()) await copyFile(path, join(next, names[at] ?? ""));
    const state = { format: 1, tip: clone.tip, shallow: clone.shallow, packs: names };
    await writeFile(join(next, STATE), JSON.stringify(state), { mode: 0o600 });
    await rename(place, last).catch(ignoreMissing);
    await rename(next, place);
  } finally {
    for (const folder of [next, last]) await rm(folder, { recursive: true, force: true });
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
