import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, mkdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { ExportSink } from "./export-sink.ts";
import { checkEntry } from "./safe-entry.ts";
import { isTaken, writeFailure } from "./write-failure.ts";

/** How an archive is written. */
export interface ArchiveOptions {
  readonly compressed: boolean;
  readonly modifiedAt: Date;
}

/**
 * An export as one tar file, written beside its place and linked there at the end, so that nothing is ever replaced.
 * Entries have no owner and one time; a long name has a pax header.
 * @param file absolute
 * @throws RecoveryError "config" when something is there; "unwritable"
 */
export async function archiveSink(file: string, { compressed, modifiedAt }: ArchiveOptions): Promise<ExportSink> {
  const beside = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  if (await isThere(file)) throw isTaken(file, "the file is there already");
  await mkdir(dirname(file), { recursive: true }).catch((error: unknown) => {
    throw writeFailure(file, error);
  });
  const archive = pack();
  const written = pipeline(
    archive,
    compressed ? createGzip({ level: 9 }) : new PassThrough(),
    createWriteStream(beside, { flags: "wx", mode: 0o600 }),
  );
  // Whoever puts the next file learns of it; until then nobody waits for it.
  written.catch(() => undefined);
  return {
    async put(path, bytes) {
      const entry = { name: checkEntry(path), mode: 0o600, mtime: modifiedAt };
      await orFailure(
        Promise.race([
          new Promise<void>((done, failed) =>
            archive.entry(entry, bytes, (error) => (error === null || error === undefined ? done() : failed(error))),
          ),
          written,
        ]),
        file,
      );
    },
    async finish() {
      archive.finalize();
      await orFailure(written, file);
      await putInPlace(beside, file);
    },
    async discard() {
      archive.destroy();
      await written.catch(() => undefined);
      await rm(beside, { force: true });
    },
  };
}

/** A link is refused where a file is, which a rename would replace. */
async function putInPlace(beside: string, file: string): Promise<void> {
  try {
    await link(beside, file);
    await rm(beside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw isTaken(file, "the file is there already");
    throw writeFailure(file, error);
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw writeFailure(file, error);
  }
}

async function orFailure(work: Promise<unknown>, file: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw writeFailure(file, error);
  }
}
