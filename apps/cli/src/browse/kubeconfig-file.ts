import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { BrowseError } from "./browse-error.ts";

/** A kubeconfig that lies there while the snapshot is served. */
export interface KubeconfigFile {
  readonly path: string;
  /** Takes it away again: without the server it is good for nothing. */
  remove(): Promise<void>;
}

/** The first line of every kubeconfig of ours; by it a later run knows that it may replace the file. */
const MARK = "# written by kubeferry browse; gone when it ends\n";

/**
 * Writes a kubeconfig, readable by its owner alone: it holds a token.
 * @param path where; undefined: in a temporary folder that only its owner can enter
 * @throws BrowseError "config" when another file lies there, or it cannot be written
 */
export async function writeKubeconfig(text: string, path: string | undefined): Promise<KubeconfigFile> {
  if (path === undefined) {
    // Mode 0700: mkdtemp's own.
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-browse-"));
    const file = join(folder, "kubeconfig");
    await create(file, text);
    return { path: file, remove: () => rm(folder, { recursive: true, force: true }) };
  }
  const file = resolve(path);
  if (!(await isFreeOrOurs(file))) throw notOurs(file);
  try {
    const fresh = join(dirname(file), `.${basename(file)}.${process.pid}`);
    await create(fresh, text);
    await rename(fresh, file);
  } catch (cause) {
    throw unwritable(file, cause);
  }
  return {
    path: file,
    remove: async () => {
      if (await isFreeOrOurs(file)) await rm(file, { force: true });
    },
  };
}

async function create(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(MARK + text);
  } finally {
    await handle.close();
  }
}

async function isFreeOrOurs(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARK.length), 0, MARK.length, 0);
      return buffer.toString("utf8", 0, bytesRead) === MARK;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw unwritable(file, error);
  }
}

function notOurs(file: string): BrowseError {
  const problem = "there is a file that kubeferry browse did not write";
  const next = "name another one, or leave --kubeconfig out";
  return new BrowseError({ kind: "config", operation: `write ${file}`, problem, next });
}

function unwritable(file: string, cause: unknown): BrowseError {
  const problem = `it cannot be written: ${(cause as NodeJS.ErrnoException).code ?? "unknown"}`;
  return new BrowseError({ kind: "config", operation: `write ${file}`, problem, cause });
}
