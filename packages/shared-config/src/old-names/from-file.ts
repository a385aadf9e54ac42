import type { ConfigProblem } from "../config-error.ts";
import { listed } from "../keys.ts";
import { nearestName } from "../nearest-name.ts";
import { EMPTY_PART, type Part } from "../part.ts";
import { dotted, originText, type Sourced } from "../sourced.ts";
import { readClusterUrls, readEnvironments } from "./environments.ts";
import { FILE_NAMES } from "./file-names.ts";
import { readOldName, together, type WrittenOld } from "./read-old-name.ts";

/** Sections that are of today too. */
const TODAY: ReadonlySet<string> = new Set(["backup", "gitops", "notifications"]);

/** Sections that only old names stand in: "backup.minio", "performance.limits", but not "backup". */
const OLD_SECTIONS = oldSections();

/** Takes the old names out of what stands in a file; what is left stands under keys of ours, or is unknown. */
export function takeOldNames(tree: Sourced): Part {
  if (tree.kind !== "map") return { ...EMPTY_PART, tree };
  const entries = new Map(tree.entries);
  const parts: Part[] = [];
  const environments = entries.get("environments");
  if (environments !== undefined) parts.push(readEnvironments(environments));
  entries.delete("environments");
  const clusters = entries.get("clusters");
  // A list is ours.
  if (clusters?.kind === "map") {
    parts.push(readClusterUrls(clusters));
    entries.delete("clusters");
  }
  const found: WrittenOld[] = [];
  const left = without({ ...tree, entries }, [], found);
  parts.push(...found.map(readOldName));
  const { kept, problems } = unknownIn(left);
  const read = together(parts);
  return { ...read, tree: kept, problems: [...read.problems, ...problems] };
}

/** The tree without what stands under old names; that goes to `found`. */
function without(node: Sourced, path: readonly string[], found: WrittenOld[]): Sourced {
  if (node.kind !== "map") return node;
  const entries = new Map<string, Sourced>();
  for (const [key, value] of node.entries) {
    const here = [...path, key];
    const match = matchOf(here);
    if (match === undefined) entries.set(key, without(value, here, found));
    // A key left empty says nothing, as everywhere.
    else if (value.kind !== "leaf" || value.value !== null) found.push({ ...match, old: dotted(here), node: value });
  }
  return { ...node, entries };
}

function matchOf(path: readonly string[]): Pick<WrittenOld, "name" | "names"> | undefined {
  const name = FILE_NAMES.find(({ old }) => {
    const steps = old.split(".");
    return steps.length === path.length && steps.every((step, index) => step === "*" || step === path[index]);
  });
  if (name === undefined) return undefined;
  return { name, names: path.filter((_, index) => name.old.split(".")[index] === "*") };
}

/** Drops the old sections, which hold nothing any more; what still stands in one is unknown. */
function unknownIn(tree: Sourced): { kept: Sourced; problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];

  function walk(node: Sourced, path: readonly string[]): Sourced {
    if (node.kind !== "map") return node;
    const entries = new Map<string, Sourced>();
    for (const [key, value] of node.entries) {
      const here = [...path, key];
      if (OLD_SECTIONS.has(here.join("."))) problems.push(...leftIn(value, here));
      else entries.set(key, walk(value, here));
    }
    return { ...node, entries };
  }

  return { kept: walk(tree, []), problems };
}

function leftIn(node: Sourced, path: readonly string[]): readonly ConfigProblem[] {
  const here = path.join(".");
  if (node.kind === "leaf" && node.value === null) return [];
  const at = { path: here, source: originText(node.origin) };
  if (!OLD_SECTIONS.has(here)) return [{ ...at, text: unknownText(path) }];
  if (node.kind !== "map") return [{ ...at, text: "expected a section (keys with values)" }];
  return [...node.entries].flatMap(([key, value]) => leftIn(value, [...path, key]));
}

function unknownText(path: readonly string[]): string {
  const section = `${path.slice(0, -1).join(".")}.`;
  const siblings = FILE_NAMES.filter(({ old }) => old.startsWith(section)).map(({ old }) => old.slice(section.length));
  const nearest = nearestName(path.at(-1) ?? "", siblings);
  return `unknown key; ${nearest === undefined ? `expected ${listed(siblings)}` : `did you mean ${section}${nearest}?`}`;
}

function oldSections(): ReadonlySet<string> {
  const prefixes = FILE_NAMES.flatMap(({ old }) => {
    const steps = old.split(".");
    return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join("."));
  });
  return new Set(prefixes.filter((prefix) => !TODAY.has(prefix)));
}
