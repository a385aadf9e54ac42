import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareUtf8 } from "@kubeferry/model";
import type { ListEntry, ListOptions, ObjectInfo } from "../store.ts";
import { errnoOf } from "./errors.ts";
import { infoOf } from "./info.ts";
import { invalid, PRIVATE_FOLDER, statIfAny } from "./place.ts";

/** Files asked for their size at once: enough to keep node's four file threads busy. */
const STATS_AT_ONCE = 16;

/** What the walk through a folder needs to know everywhere. */
export interface Walk {
  readonly root: string;
  readonly options: ListOptions;
  readonly operation: string;
  readonly signal: AbortSignal;
}

/** A folder's entry with the start of its key: "shop/" for a folder, "shop" for a file; keys sort by this. */
interface Named {
  readonly start: string;
  readonly entry: Dirent;
}

/**
 * Yields what lies under `prefix` in the order of full keys. Sorting each folder by itself is enough, as long as a
 * folder sorts with its slash: `a-b` comes before everything in `a/`. Holds the names of the folders on one path.
 */
export async function* walk(prefix: string, context: Walk): AsyncGenerator<ListEntry> {
  const names = (await namesIn(prefix, context)).filter(({ start }) => reaches(start, context.options.startAfter));
  for (let from = 0; from < names.length; from += STATS_AT_ONCE) {
    const group = names.slice(from, from + STATS_AT_ONCE);
    const objects = await Promise.all(group.map((named) => objectOf(named, context)));
    for (const [index, { start, entry }] of group.entries()) {
      context.signal.throwIfAborted();
      const object = objects[index];
      if (object !== undefined) yield { type: "object", object };
      if (entry.isDirectory()) yield* inFolder(start, context);
    }
  }
}

async function* inFolder(start: string, context: Walk): AsyncGenerator<ListEntry> {
  if (context.options.delimiter === undefined) return yield* walk(start, context);
  if (!isAfter(start, context.options.startAfter)) return;
  // Empty folders are no part of any key: one look inside tells.
  const inside = walk(start, { ...context, options: {} });
  const first = await inside.next();
  await inside.return(undefined);
  if (first.done !== true) yield { type: "prefix", prefix: start };
}

async function namesIn(prefix: string, { root, operation }: Walk): Promise<Named[]> {
  const named = (await entriesIn(join(root, prefix)))
    .filter(({ name }) => prefix !== "" || name !== PRIVATE_FOLDER)
    .map((entry) => ({ start: `${prefix}${entry.name}${entry.isDirectory() ? "/" : ""}`, entry }));
  const link = named.find(({ entry }) => entry.isSymbolicLink());
  if (link !== undefined) {
    throw invalid(operation, `${link.start} is a symbolic link, and a store holds real files and folders only`);
  }
  return named.sort((left, right) => compareUtf8(left.start, right.start));
}

/** A folder that goes while it is listed is as empty as one that is not there. */
async function entriesIn(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

async function objectOf({ start, entry }: Named, { root, operation }: Walk): Promise<ObjectInfo | undefined> {
  if (!entry.isFile()) return undefined;
  const stats = await statIfAny(join(root, start));
  return stats === undefined || !stats.isFile() ? undefined : infoOf(start, stats, operation);
}

/** Whether something that starts like this can come after `startAfter`. */
function reaches(start: string, startAfter: string | undefined): boolean {
  return isAfter(start, startAfter) || (start.endsWith("/") && (startAfter ?? "").startsWith(start));
}

function isAfter(text: string, startAfter: string | undefined): boolean {
  return startAfter === undefined || compareUtf8(text, startAfter) > 0;
}
