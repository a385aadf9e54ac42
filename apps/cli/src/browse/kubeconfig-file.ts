import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BrowseError } from "./browse-error.ts";

/** A kubeconfig that lies there while the snapshot is served. */
export interface KubeconfigFile {
  readonly path: string;
  /** Takes it away again: without the server it is good for nothing. */
  remove(): Promise<void>;
}

/** How every kubeconfig of ours begins, whichever version wrote it. */
const MARK = "# written by kubeferry browse; gone when it ends";
/** The mark, a number and a line feed are shorter. */
const FIRST_LINE_BYTES = 128;

/**
 * Writes a kubeconfig, readable by its owner alone: it holds a token. What a browse left there that was killed is replaced.
 * @param path where; undefined: in a temporary folder that only its owner can enter
 * @throws BrowseError "config" when another file lies there, that of a browse that still serves, or it cannot be written
 */
export async function writeKubeconfig(text: string, path: string | undefined): Promise<KubeconfigFile> {
  const content = `${MARK} (process ${process.pid})\n${text}`;
  if (path === undefined) {
    // Mode 0700: mkdtemp's own.
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-browse-"));
    const file = join(folder, "kubeconfig");
    await create(file, content);
    return { path: file, remove: () => rm(folder, { recursive: true, force: true }) };
  }
  const file = resolve(path);
  try {
    await removeLeftover(file);
    await create(file, content);
  } catch (cause) {
    throw cause instanceof BrowseError ? cause : unwritable(file, cause);
  }
  return {
    path: file,
    // What somebody put in its place is theirs, be it another browse's.
    remove: async () => {
      if ((await readIfThere(file)) === content) await rm(file, { force: true });
    },
  };
}

/** Of two that begin at once, one makes the file, and the other one is told that it is there. */
async function create(file: string, content: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(content);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

async function removeLeftover(file: string): Promise<void> {
  const first = await firstLine(file);
  if (first === undefined) return;
  if (!first.startsWith(MARK)) throw taken(file, "there is a file that kubeferry browse did not write");
  const [, id] = /\(process (\d+)\)$/.exec(first) ?? [];
  // This process writes one file: another of the same number has ended, as in a container that starts again.
  if (id !== undefined && Number(id) !== process.pid && isRunning(Number(id)))
    throw taken(file, `it is in use by another kubeferry browse, process ${id}`);
  await rm(file, { force: true });
}

/** @returns undefined where there is no file */
async function firstLine(file: string): Promise<string | undefined> {
  const handle = await open(file, "r").catch(undefinedIfMissing);
  try {
    const read = await handle?.read(Buffer.alloc(FIRST_LINE_BYTES), 0, FIRST_LINE_BYTES, 0);
    return read?.buffer.toString("utf8", 0, read.bytesRead).split("\n")[0];
  } finally {
    await handle?.close();
  }
}

/** What cannot be read any more is nothing that was written here. */
function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function taken(file: string, problem: string): BrowseError {
  const next = "name another one, or leave --kubeconfig out";
  return new BrowseError({ kind: "config", operation: `write ${file}`, problem, next });
}

function unwritable(file: string, cause: unknown): BrowseError {
  const { code = "unknown" } = cause as NodeJS.ErrnoException;
  if (code === "EEXIST") return taken(file, "another program made it at this moment");
  return new BrowseError({
    kind: "config",
    operation: `write ${file}`,
    problem: `it cannot be written: ${code}`,
    cause,
  });
}
