import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ConfigProblem } from "./config-error.ts";
import { dotted, type KeyPath, originText, type Sourced, type SourcedLeaf } from "./sourced.ts";

/** Far above any token or key, far below a file named by mistake. */
const MAX_FILE_BYTES = 1 << 20;
// "$${" is a literal "${"; otherwise "${" up to the next "}".
const REFERENCE = /\$(\$\{)|\$\{([^}]*)\}/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Replaces `${VAR}`, `${VAR:-default}` (unset or empty) and `${file:/path}` (without its last line end) in values that
 * stand in files. Environment, folders and flags are taken as they are. `$${` writes a literal `${`. A value that cannot
 * be replaced says why: it only matters when nothing is laid over it.
 * @param cwd what relative names of configuration files count from
 */
export async function expand(tree: Sourced, env: NodeJS.ProcessEnv, cwd: string): Promise<Sourced> {
  async function walk(node: Sourced): Promise<Sourced> {
    if (node.kind === "map") {
      const entries = new Map<string, Sourced>();
      for (const [key, value] of node.entries) entries.set(key, await walk(value));
      return { ...node, entries };
    }
    if (node.kind === "list") {
      const items: Sourced[] = [];
      for (const item of node.items) items.push(await walk(item));
      return { ...node, items };
    }
    return expandLeaf(node);
  }

  async function expandLeaf(leaf: SourcedLeaf): Promise<Sourced> {
    const { value, origin } = leaf;
    if (typeof value !== "string" || origin.kind !== "file" || !value.includes("${")) return leaf;
    const base = dirname(resolve(cwd, origin.file));
    const parts: string[] = [];
    const problems: string[] = [];
    let end = 0;
    for (const match of value.matchAll(REFERENCE)) {
      const [whole, literal, reference = ""] = match;
      const found = literal === undefined ? await lookUp(reference, env, base) : { text: literal };
      if ("problem" in found) problems.push(found.problem);
      parts.push(value.slice(end, match.index), "text" in found ? found.text : "");
      end = match.index + whole.length;
    }
    const unresolved = problems.length === 0 ? {} : { unresolved: problems.join("; ") };
    return { ...leaf, value: parts.join("") + value.slice(end), expanded: true, ...unresolved };
  }

  return walk(tree);
}

/** What could not be replaced, of all that is still there. */
export function unresolvedIn(node: Sourced, path: KeyPath = []): readonly ConfigProblem[] {
  if (node.kind === "map") return [...node.entries].flatMap(([key, value]) => unresolvedIn(value, [...path, key]));
  if (node.kind === "list") return node.items.flatMap((item, index) => unresolvedIn(item, [...path, index]));
  if (node.unresolved === undefined) return [];
  return [{ path: dotted(path), source: originText(node.origin), text: node.unresolved }];
}

type Found = { readonly text: string } | { readonly problem: string };

async function lookUp(reference: string, env: NodeJS.ProcessEnv, base: string): Promise<Found> {
  if (reference.startsWith("file:")) return readValue(resolve(base, reference.slice("file:".length)), reference);
  const [, name, otherwise] = VARIABLE.exec(reference) ?? [];
  if (name === undefined) {
    return {
      problem: `has a \${…} that is neither \${VAR}, \${VAR:-default} nor \${file:/path}; a literal one is written $\${`,
    };
  }
  const value = env[name];
  if (otherwise !== undefined) return { text: value === undefined || value === "" ? otherwise : value };
  if (value !== undefined) return { text: value };
  return { problem: `environment variable ${name} is not set; set it, or write \${${name}:-default}` };
}

async function readValue(path: string, reference: string): Promise<Found> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_FILE_BYTES)
      return { problem: `\${${reference}} is over ${MAX_FILE_BYTES} bytes; name another file` };
    return { text: bytes.toString("utf8").replace(/\r?\n$/, "") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    return { problem: `\${${reference}} cannot be read (${code}); check the path and its permissions` };
  }
}
