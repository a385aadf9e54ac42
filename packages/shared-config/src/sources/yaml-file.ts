import { readFile } from "node:fs/promises";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import type { ConfigProblem } from "../config-error.ts";
import { type Origin, originText, type Sourced } from "../sourced.ts";

/** More nodes than any configuration has; aliases of aliases ("a billion laughs") reach it at once. */
const MAX_NODES = 20_000;
/** Deeper than any configuration is; an alias inside its own anchor reaches it at once. */
const MAX_DEPTH = 32;

/** What a file has to hold instead. */
const SECTIONS = "write sections, such as store: { … }";

/** A file as read: its tree (undefined when it is empty), or what is wrong with it. */
export interface ReadFile {
  readonly tree: Sourced | undefined;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads one YAML file, anchors and merge keys included; every value knows its line.
 * @param file as people wrote it; messages show it so
 * @param path where it is
 */
export async function readYamlFile(file: string, path: string): Promise<ReadFile> {
  try {
    return parseYaml(file, await readFile(path, "utf8"));
  } catch (error) {
    return refused(file, "", readProblem(error));
  }
}

function readProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file; check the path";
  if (code === "EISDIR") return "is a folder; name a file in it";
  return `cannot be read (${code ?? "unknown error"}); check its permissions`;
}

/** The text of one YAML file as a tree. */
export function parseYaml(file: string, text: string): ReadFile {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { merge: true, prettyErrors: false, lineCounter });
  // An empty text has no document; comments alone are one without contents.
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (second !== undefined) return refused(file, "", 'holds several documents; write one, without "---" inside');
  if (document === undefined) return { tree: undefined, problems: [] };
  // What the parser only warns of (an unknown tag) is a mistake in a configuration.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined)
    return refused(file, `${file}:${lineCounter.linePos(error.pos[0]).line}`, yamlProblem(error.code));
  const reader = createTreeReader(file, document, lineCounter);
  try {
    const tree = reader.read(document.contents);
    if (tree.kind === "map") return { tree, problems: [] };
    if (tree.kind === "leaf" && tree.value === null) return { tree: undefined, problems: [] };
    return refused(file, originText(tree.origin), `holds ${tree.kind === "list" ? "a list" : "one text"}; ${SECTIONS}`);
  } catch (cause) {
    if (cause instanceof Unusable) return refused(file, `${file}:${cause.line}`, cause.message);
    throw cause;
  }
}

function refused(file: string, source: string, text: string): ReadFile {
  return { tree: undefined, problems: [{ path: file, source, text }] };
}

// The parser's own messages can quote the file, and with it a secret; these cannot.
function yamlProblem(code: string): string {
  const known: Readonly<Record<string, string>> = {
    DUPLICATE_KEY: "the same key stands twice in one section; drop one of them",
    TAB_AS_INDENT: "is indented with a tab; use spaces",
    BAD_INDENT: "is indented in a way that fits no section",
    BAD_ALIAS: "refers to an anchor that is not defined above; a text that begins with * needs quotes",
    BAD_SCALAR_START: "has a text that begins with a reserved character; put it in quotes",
    BAD_DQ_ESCAPE: "has an unknown escape in double quotes; use single quotes, or write \\\\",
    MISSING_CHAR: "lacks a closing quote, bracket or colon",
    TAG_RESOLVE_FAILED: "has an unknown tag; a text that begins with ! needs quotes",
  };
  return known[code] ?? `is not valid YAML (${code})`;
}

type FileOrigin = Origin & { readonly kind: "file" };

class Unusable extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

function createTreeReader(file: string, document: Document, lines: LineCounter): { read(node: unknown): Sourced } {
  const state = { nodes: 0, depth: 0 };

  function originOf(node: Node | null): FileOrigin {
    return { kind: "file", file, line: lines.linePos(node?.range?.[0] ?? 0).line };
  }

  function read(node: unknown, at?: FileOrigin): Sourced {
    const origin = at ?? originOf(node as Node | null);
    state.nodes += 1;
    if (state.nodes > MAX_NODES || state.depth > MAX_DEPTH) {
      throw new Unusable("is too large or too deep, or its aliases repeat each other", origin.line);
    }
    state.depth += 1;
    const tree = readInner(node, origin);
    state.depth -= 1;
    return tree;
  }

  function readInner(node: unknown, origin: FileOrigin): Sourced {
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw new Unusable(yamlProblem("BAD_ALIAS"), origin.line);
      return read(target, origin);
    }
    if (isSeq(node)) return { kind: "list", origin, items: node.items.map((item) => read(item)) };
    if (isMap(node)) return { kind: "map", origin, entries: readEntries(node.items, origin) };
    return { kind: "leaf", origin, value: isScalar(node) ? node.value : null };
  }

  function readEntries(
    pairs: readonly { key: unknown; value: unknown }[],
    origin: FileOrigin,
  ): ReadonlyMap<string, Sourced> {
    const entries = new Map<string, Sourced>();
    const merged: Sourced[] = [];
    for (const { key, value } of pairs) {
      if (isScalar(key) && isMergeKey(key.value)) merged.push(...mergeSources(read(value)));
      // The key's line, not the value's: that is the line to look at, also for a block that starts below.
      else entries.set(String(isScalar(key) ? key.value : key), read(value, originOf(key as Node)));
    }
    for (const source of merged) {
      if (source.kind !== "map") throw new Unusable("merges (<<) something that is no section", origin.line);
      for (const [key, value] of source.entries) if (!entries.has(key)) entries.set(key, value);
    }
    return entries;
  }

  return { read };
}

function isMergeKey(key: unknown): boolean {
  return typeof key === "symbol" && key.description === "<<";
}

// `<<: [*a, *b]` merges several; the earlier one wins.
function mergeSources(node: Sourced): readonly Sourced[] {
  return node.kind === "list" ? node.items : [node];
}
