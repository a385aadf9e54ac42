import type { Filter, Path, PathNode, Slice } from "./path-node.ts";

/**
 * Reads a JSONPath as the API server does for printer columns: fields (with `\.` for a dot in a name), `['name']`,
 * indices, slices, unions, wildcards, `..` and filters with one comparison.
 * @param path without braces: ".status.conditions[?(@.type==\"Ready\")].status"
 * @returns undefined for what is no path: the API server leaves such a column and all behind it away
 */
export function parsePath(path: string): Path | undefined {
  const nodes: PathNode[] = [];
  let rest = path;
  while (rest !== "") {
    const step = nextStep(rest);
    if (step === undefined) return undefined;
    nodes.push(...step.nodes);
    rest = rest.slice(step.length);
  }
  return nodes.some((node, index) => node.kind === "recursive" && nodes[index + 1]?.kind === "recursive")
    ? undefined
    : nodes;
}

interface Step {
  readonly nodes: readonly PathNode[];
  /** How many characters it is written with. */
  readonly length: number;
}

function nextStep(text: string): Step | undefined {
  // The current object: nothing to do.
  if (/^[ @$]/.test(text)) return { nodes: [], length: 1 };
  if (text.startsWith("[?(")) return filterStep(text);
  if (text.startsWith("..")) return recursiveStep(text);
  if (text.startsWith(".")) return fieldStep(text, 1);
  if (text.startsWith("[")) return bracketStep(text);
  return literalStep(text);
}

function recursiveStep(text: string): Step {
  const below: PathNode = { kind: "recursive" };
  if (!/^\.\.[\p{L}\p{Nd}_]/u.test(text)) return { nodes: [below], length: 2 };
  const field = fieldStep(text, 2);
  return { nodes: [below, ...field.nodes], length: field.length };
}

function fieldStep(text: string, from: number): Step {
  const written = /^(?:\\.|[^\s.,[\]$@{}\\])*/u.exec(text.slice(from))?.[0] ?? "";
  const node: PathNode = written === "*" ? { kind: "wildcard" } : { kind: "field", name: written.replaceAll("\\", "") };
  return { nodes: [node], length: from + written.length };
}

function bracketStep(text: string): Step | undefined {
  const close = text.indexOf("]");
  if (close === -1) return undefined;
  const nodes = bracketNodes(text.slice(1, close));
  return nodes === undefined ? undefined : { nodes, length: close + 1 };
}

function bracketNodes(inside: string): Path | undefined {
  const members = inside.split(",");
  if (members.length > 1) {
    const paths = members.map((member) => parsePath(`[${member.replace(/^ +| +$/g, "")}]`));
    return paths.some((path) => path === undefined) ? undefined : [{ kind: "union", paths: paths.flatMap(present) }];
  }
  const quoted = /^'([^']*)'$/.exec(inside)?.[1];
  if (quoted !== undefined) return parsePath(`.${quoted}`);
  const slice = sliceOf(inside === "*" ? ":" : inside);
  return slice === undefined ? undefined : [{ kind: "slice", slice }];
}

function present(path: Path | undefined): Path[] {
  return path === undefined ? [] : [path];
}

function sliceOf(inside: string): Slice | undefined {
  const found = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inside);
  if (found === null) return undefined;
  const [, start = "", end, step] = found;
  const bounds = [start, end?.slice(1), step?.slice(1)].map((bound) => (bound === "" ? undefined : bound));
  if (bounds.includes("-")) return undefined;
  const [first, last, by] = bounds.map((bound) => (bound === undefined ? undefined : Number(bound)));
  return { start: first, end: last, step: by, isIndex: end === undefined };
}

function filterStep(text: string): Step | undefined {
  const inside = /^\[\?\(((?:[^"')]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*)\)\]/u.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const filter = filterOf(inside);
  return filter === undefined ? undefined : { nodes: [{ kind: "filter", filter }], length: inside.length + 5 };
}

function filterOf(inside: string): Filter | undefined {
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)(.+)$/u.exec(inside) ?? [];
  const paths = [left ?? inside, right ?? ""].map(parsePath);
  const [leftPath, rightPath] = paths;
  return leftPath === undefined || rightPath === undefined ? undefined : { left: leftPath, operator, right: rightPath };
}

function literalStep(text: string): Step | undefined {
  const written = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[+-]?\d[\d.]*|true|false)/u.exec(text)?.[0];
  if (written === undefined) return undefined;
  if (/^["']/.test(written)) {
    const value = written.slice(1, -1).replace(/\\(.)/gu, "$1");
    return { nodes: [{ kind: "literal", value }], length: written.length };
  }
  const value = written === "true" || written === "false" ? written === "true" : Number(written);
  return Number.isNaN(value) ? undefined : { nodes: [{ kind: "literal", value }], length: written.length };
}
