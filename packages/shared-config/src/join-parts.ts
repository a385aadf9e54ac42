import type { ConfigProblem } from "./config-error.ts";
import { assignChannels } from "./old-names/assign-channels.ts";
import { assignEnvironments } from "./old-names/assign-environments.ts";
import type { Assignment, OldNameUse, Part } from "./part.ts";
import { keyOfShort, writeOutShorthands } from "./shorthands.ts";
import { branch, merge, nodeAt, originText, plain, type Sourced } from "./sourced.ts";

/** All sources as one tree of our own keys. */
export interface Joined {
  /** undefined when nothing at all is written. */
  readonly tree: Sourced | undefined;
  readonly uses: readonly OldNameUse[];
  readonly problems: readonly ConfigProblem[];
}

/** Joins the parts, later ones winning. Old and new names of one thing may not contradict each other in one part. */
export function joinParts(read: readonly Part[]): Joined {
  const { parts, type } = chooseStore(assignChannels(assignEnvironments(read)).map(writtenOut));
  const tree = [...parts.map(treeOf), type].reduce(merge, undefined);
  return {
    tree,
    uses: parts.flatMap(({ uses }) => uses),
    problems: parts.flatMap((part) => [...part.problems, ...contradictions(part)]),
  };
}

function writtenOut({ tree, assignments, ...rest }: Part): Part {
  return {
    ...rest,
    tree: tree === undefined ? undefined : writeOutShorthands(tree),
    assignments: assignments.map((assignment) => {
      const key = keyOfShort(assignment.path, assignment.node);
      return key === undefined ? assignment : { ...assignment, path: [...assignment.path, key] };
    }),
  };
}

function treeOf({ tree, assignments }: Part): Sourced | undefined {
  return assignments.map(({ path, node }) => branch(path, node)).reduce(merge, tree);
}

/** Old names of the store mean S3: they choose it where no `store.type` is written, and are left aside where another is. */
function chooseStore(parts: readonly Part[]): { parts: readonly Part[]; type: Sourced | undefined } {
  const written = parts.map(({ tree }) => nodeAt(tree, ["store", "type"])).findLast((node) => node !== undefined);
  const [first] = parts.flatMap(({ assignments }) => assignments.filter(isOfStore));
  if (first === undefined) return { parts, type: undefined };
  if (written === undefined) {
    const s3: Sourced = { kind: "leaf", origin: first.node.origin, value: "s3" };
    return { parts, type: branch(["store", "type"], s3) };
  }
  const value = written.kind === "leaf" ? String(written.value) : "";
  return { parts: value === "s3" ? parts : parts.map((part) => withoutStore(part, value)), type: undefined };
}

function isOfStore({ path }: Assignment): boolean {
  return path[0] === "store";
}

function withoutStore(part: Part, type: string): Part {
  const names = new Set(part.assignments.filter(isOfStore).map(({ old }) => old));
  const note = `store.type is ${type}`;
  return {
    ...part,
    assignments: part.assignments.filter((assignment) => !isOfStore(assignment)),
    uses: part.uses.map((use) => (names.has(use.old) ? { ...use, keys: [], note, level: "warning" } : use)),
  };
}

function* contradictions({ tree, assignments }: Part): Generator<ConfigProblem> {
  const seen = new Map<string, Assignment>();
  for (const assignment of assignments) {
    const { path, node, old } = assignment;
    if (saysNothing(node)) continue;
    const key = path.join(".");
    const native = nodeAt(tree, path);
    const other =
      seen.get(key) ?? (native === undefined || saysNothing(native) ? undefined : { old: key, node: native });
    seen.set(key, assignment);
    if (other === undefined || sameValue(other.node, node)) continue;
    const place = `${other.old} [${originText(other.node.origin)}]`;
    const both = other.old === key ? "which means the same" : `and both mean ${key}`;
    const text = `says something else than ${place}, ${both}; drop one of them`;
    yield { path: old, source: originText(node.origin), text };
  }
}

// A value that cannot be known is reported for itself, if it still matters.
function saysNothing(node: Sourced): boolean {
  return node.kind === "leaf" && (node.value === null || node.unresolved !== undefined);
}

// "50" and 50 are one value: the schema reads them alike.
function sameValue(left: Sourced, right: Sourced): boolean {
  const text = (node: Sourced) =>
    JSON.stringify(plain(node), (_, value) => (typeof value === "object" ? value : `${value}`));
  return text(left) === text(right);
}
