import { readFile, realpath, stat } from "node:fs/promises";
import { type Call, Secret } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import { S3 } from "../errors.ts";
import type { KeySource, Keys } from "./keys.ts";

/** Where each key lies. */
export interface KeyFiles {
  readonly accessKeyFile: string;
  readonly secretKeyFile: string;
  readonly sessionTokenFile?: string;
}

/** Looking costs two system calls a file; a kubelet takes up to a minute to bring a changed Secret. */
const LOOK_AGAIN_AFTER_MS = 1_000;
/** Files that change between two looks this often in a row are not being rotated. */
const TRIES = 5;

/** Keys in files that others replace while we run, as a kubelet does with a mounted Secret. */
export function fileKeys(files: KeyFiles, now: () => number): KeySource {
  const paths = [files.accessKeyFile, files.secretKeyFile, files.sessionTokenFile].filter((path) => path !== undefined);
  const state: { read?: { readonly version: string; readonly keys: Keys; readonly atMs: number } } = {};
  const look = async (call: Call): Promise<Keys> => {
    const version = await versionOf(paths);
    if (state.read?.version !== version) {
      if (state.read !== undefined) call.log.info("keys of the object store have changed in their files");
      state.read = { ...(await readTogether(files, paths)), atMs: now() };
    } else {
      state.read = { ...state.read, atMs: now() };
    }
    return state.read.keys;
  };
  return {
    description: `the files ${paths.join(", ")}`,
    current: (call) => {
      const { read } = state;
      return read !== undefined && now() - read.atMs < LOOK_AGAIN_AFTER_MS ? Promise.resolve(read.keys) : look(call);
    },
    async renewed(refused, call) {
      return differ(refused, await look(call));
    },
  };
}

/** A pair of which one half is old and the other new would be refused: read again until nothing has moved meanwhile. */
async function readTogether(files: KeyFiles, paths: readonly string[]) {
  for (let tries = 1; ; tries++) {
    const version = await versionOf(paths);
    const keys = await read(files);
    if ((await versionOf(paths)) === version) return { version, keys };
    if (tries >= TRIES) throw unreadable(paths.join(", "), "they change while they are read");
  }
}

async function read(files: KeyFiles): Promise<Keys> {
  const { accessKeyFile, secretKeyFile, sessionTokenFile } = files;
  return {
    accessKey: await secretIn(accessKeyFile),
    secretKey: await secretIn(secretKeyFile),
    ...(sessionTokenFile === undefined ? {} : { sessionToken: await secretIn(sessionTokenFile) }),
  };
}

/** What tells one state of the files from another: also a link that leads elsewhere, as `..data` does after a change. */
async function versionOf(paths: readonly string[]): Promise<string> {
  const parts: string[] = [];
  // One after the other: of several files that cannot be read the first is named, in every run the same.
  for (const path of paths) {
    try {
      const { ino, mtimeNs, size } = await stat(path, { bigint: true });
      parts.push(`${await realpath(path)} ${ino} ${mtimeNs} ${size}`);
    } catch (error) {
      throw unreadable(path, "it cannot be read", error);
    }
  }
  return parts.join("\n");
}

/** Editors and `echo` leave a line's end behind a key; none holds one. */
async function secretIn(path: string): Promise<Secret> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(path, "it cannot be read", error);
  });
  if (text.trim() === "") throw unreadable(path, "it is empty");
  return new Secret(text.trim());
}

function differ(left: Keys, right: Keys): boolean {
  const same = (name: "accessKey" | "secretKey" | "sessionToken"): boolean =>
    left[name]?.reveal() === right[name]?.reveal();
  return !(same("accessKey") && same("secretKey") && same("sessionToken"));
}

function unreadable(path: string, problem: string, cause?: unknown): StorageError {
  const next = "check store.accessKeyFile, store.secretKeyFile and store.sessionTokenFile";
  return new StorageError({ kind: "denied", who: S3, operation: `read keys from ${path}`, problem, next, cause });
}
