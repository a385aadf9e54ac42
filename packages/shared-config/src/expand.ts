import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ConfigProblem } from "./config-error.ts";
import { dotted, type KeyPath, originText, type Sourced, type SourcedLeaf } from "./sourced.ts";

/** Far above any token or key, far below a file named by mistake. */
const MAX_FILE_BYTES = 1 << 20;
// "$${" is a literal "${"; otherwise "${" up to the next "}".
const REFERENCE = /\$(\$\{)|\$\{([^}]*)\}/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** The tree with every `${…}` replaced, and what could not be replaced. */
export interface Expanded {
  readonly tree: Sourced;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Replaces `${VAR}`, `${VAR:-default}` (unset or empty) and `${file:/path}` (without its last line end) in values that
 * stand in files. Environment and flags are taken as they are. `$${` writes a literal `${`.
 * @param cwd what relative names of configuration files count from
 */
export async function expand(tree: Sourced, env: NodeJS.ProcessEnv, cwd: string): Promise<Expanded> {
  const problems: ConfigProblem[] = [];

  async function walk(node: Sourced, path: KeyPath): Promise<Sourced> {
    if (node.kind === "map") {
      const entries = new Map<string, Sourced>();
      for (const [key, value] of node.entries) entries.set(key, await walk(value, [...path, key]));
      return { ...node, entries };
    }
    if (node.kind === "list") {
      const items: Sourced[] = [];
      for (const [index, item] of node.items.entries()) items.push(await walk(item, [...path, index]));
      return { ...node, items };
    }
    return expandLeaf(node, path);
  }

  async function expandLeaf(leaf: SourcedLeaf, path: KeyPath): Promise<Sourced> {
    const { value, origin } = leaf;
    if (typeof value !== "string" || origin.kind !== "file" || !value.includes("${")) return leaf;
    const base = dirname(resolve(cwd, origin.file));
    const parts: string[] = [];
    let end = 0;
    for (const match of value.matchAll(REFERENCE)) {
      const [whole, literal, reference = ""] = match;
      const found = literal === undefined ? await lookUp(reference, env, base) : { text: literal };
      if ("problem" in found) problems.push({ path: dotted(path), source: originText(origin), text: found.problem });
      parts.push(value.slice(end, match.index), "text" in found ? found.text : "");
      end = match.index + whole.length;
    }
    return { ...leaf, value: parts.join("") + value.slice(end), expanded: true };
  }

  return { tree: await walk(tree, []), problems };
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
