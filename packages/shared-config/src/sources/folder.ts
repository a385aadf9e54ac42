import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ConfigProblem } from "../config-error.ts";
import { type ConfigKey, keysAt } from "../keys.ts";
import { nearestName } from "../nearest-name.ts";
import { linesOf } from "../old-names/became.ts";
import { FOLDER_NAMES } from "../old-names/folder-names.ts";
import { readOldName, together } from "../old-names/read-old-name.ts";
import { EMPTY_PART, type Part } from "../part.ts";
import { branch, merge, type Origin, originText, type Sourced } from "../sourced.ts";
import { readVariable } from "./environment.ts";

/** Far above any value, far below a file that lies there by mistake. */
const MAX_FILE_BYTES = 1 << 20;

/**
 * Reads a folder with one file a value, as the kubelet mounts a ConfigMap or a Secret: names that begin with a dot
 * (`..data`) are passed over, symbolic links are followed. An empty file says nothing.
 * @param folder as people wrote it; messages show it so
 * @param path where it is
 */
export async function readConfigFolder(folder: string, path: string, keys: readonly ConfigKey[]): Promise<Part> {
  try {
    const names = (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
    const parts = await Promise.all(names.map((name) => readEntry(folder, path, name, keys)));
    const tree = parts.map((part) => part.tree).reduce(merge, undefined);
    return { ...together(parts), tree };
  } catch (error) {
    return refused(folder, "", folderProblem(error));
  }
}

function folderProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such folder; check the path";
  if (code === "ENOTDIR") return "is a file; name the folder it is in, or give it as --config";
  return `cannot be read (${code ?? "unknown error"}); check its permissions`;
}

async function readEntry(folder: string, path: string, name: string, keys: readonly ConfigKey[]): Promise<Part> {
  const origin: Origin = { kind: "folder", folder, name };
  const problem = (text: string): Part => refused(name, originText(origin), text);
  const value = await readValue(join(path, name));
  if ("problem" in value) return problem(value.problem);
  if (value.text === "") return EMPTY_PART;
  const node: Sourced = { kind: "leaf", origin, value: value.text };
  const old = FOLDER_NAMES.find((each) => each.old === name);
  if (old?.variable !== undefined) return readVariable(old.variable, name, value.text, origin);
  if (old !== undefined) return readOldName({ old: name, name: old, node, names: [] });
  const [key] = keysAt(keys, name.split(".")).filter(({ section, steps }) => !section && !steps.includes("[]"));
  if (key === undefined) return problem(unknownText(name, keys));
  return { ...EMPTY_PART, tree: branch(name.split("."), key.node.type === "array" ? linesOf(node) : node) };
}

async function readValue(path: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return { problem: `is over ${MAX_FILE_BYTES} bytes, which no value is` };
    return { text: (await readFile(path, "utf8")).replace(/\r?\n$/, "") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "EISDIR") return { problem: "is a folder; every value is a file of its own" };
    return { problem: `cannot be read (${code}); check its permissions` };
  }
}

function unknownText(name: string, keys: readonly ConfigKey[]): string {
  if (/\.ya?ml$/.test(name)) return "is a YAML file, not one value; give it as --config";
  const ours = keys
    .filter(({ section, steps }) => !section && !steps.includes("[]"))
    .map(({ steps }) => steps.join("."));
  const nearest = nearestName(name, [...FOLDER_NAMES.map(({ old }) => old), ...ours]);
  const hint = nearest === undefined ? "a file is named by a key such as store.bucket" : `did you mean ${nearest}?`;
  return `no value has this name; ${hint}`;
}

function refused(path: string, source: string, text: string): Part {
  const problem: ConfigProblem = { path, source, text };
  return { ...EMPTY_PART, problems: [problem] };
}
