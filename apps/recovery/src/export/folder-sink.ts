import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ExportSink } from "./export-sink.ts";
import { checkEntry } from "./safe-entry.ts";
import { isTaken, writeFailure } from "./write-failure.ts";

/**
 * An export into a folder that is not there, or is empty: written beside it and renamed at the end.
 * @param folder absolute
 * @throws RecoveryError "config" when something is in it; "unwritable"
 */
export async function folderSink(folder: string): Promise<ExportSink> {
  const beside = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.tmp`);
  await refuseTaken(folder);
  await orFailure(folder, async () => {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(beside, { mode: 0o700 });
  });
  return {
    put: (path, bytes) =>
      orFailure(folder, async () => {
        const place = join(beside, checkEntry(path));
        await mkdir(dirname(place), { recursive: true, mode: 0o700 });
        await writeFile(place, bytes, { flag: "wx", mode: 0o600 });
      }),
    async finish() {
      await refuseTaken(folder);
      // An empty folder is replaced; one that is not empty any more makes the rename fail.
      await orFailure(folder, () => rename(beside, folder));
    },
    discard: () => rm(beside, { recursive: true, force: true }),
  };
}

async function refuseTaken(folder: string): Promise<void> {
  const names = await orFailure(folder, () => namesIn(folder));
  if (names.length > 0) throw isTaken(folder, "the folder is not empty");
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") throw isTaken(folder, "a file is in the way");
    throw error;
  }
}

async function orFailure<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isErrno(error) ? writeFailure(folder, error) : error;
  }
}

function isErrno(error: unknown): boolean {
  return error instanceof Error && "code" in error && "syscall" in error;
}
