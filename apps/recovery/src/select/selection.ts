import type { Buffer } from "node:buffer";
import {
  isJsonObject,
  type JsonObject,
  matchesSelector,
  type ObjectKey,
  parseJson,
  parseSelector,
  type ResourceType,
  splitObjectKey,
  typeName,
} from "@kubeferry/model";
import { compileTypePattern, createScope } from "@kubeferry/shared-config";
import type { RestoreFilter } from "../restore/restore-plan.ts";

/** A type, as far as a selection looks at it. */
type SelectableType = Pick<ResourceType, "group" | "resource" | "kind" | "namespaced">;

/** Decides which objects are meant; made by `createSelection`. */
export interface Selection {
  /** False: no object of this type can be meant. */
  takesType(type: SelectableType): boolean;
  /** Whether an object is meant, as far as its key says; of an encrypted one nothing else is known. */
  takesKey(type: SelectableType, key: ObjectKey): boolean;
  /** Whether an object is meant. @param line its JSON, parsed only where labels are asked for */
  takes(type: SelectableType, key: ObjectKey, line: Buffer): boolean;
  /** Entries that have fitted nothing so far, as sentences: mistyped, or not there. */
  idle(): readonly string[];
}

/**
 * Makes a selection out of a filter; pure but for what `idle` remembers. Exclude beats include, an empty include means
 * all. A Namespace counts as being in itself: with `namespaces` it is chosen by name, whatever `clusterScoped` says.
 * Patterns and selector are checked where they are read in.
 */
export function createSelection(filter: RestoreFilter): Selection {
  const { namespaces, names, resources, labelSelector } = filter;
  const include = resources.include.map(compileTypePattern);
  const exclude = resources.exclude.map(compileTypePattern);
  const scope = createScope({ namespaces, names });
  const labels = labelSelector === undefined ? undefined : parseSelector(labelSelector);
  const hit = new Set<string>();

  const verdicts = new Map<string, boolean>();

  function takesType(type: SelectableType): boolean {
    const name = typeName(type);
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    const verdict = judgeType(type);
    verdicts.set(name, verdict);
    return verdict;
  }

  function judgeType(type: SelectableType): boolean {
    const fitting = include.filter(({ matches }) => matches(type));
    for (const { text } of fitting) hit.add(text);
    if (exclude.some(({ matches }) => matches(type))) return false;
    if (include.length > 0 && fitting.length === 0) return false;
    return (
      type.namespaced || filter.clusterScoped || (typeName(type) === "namespaces" && namespaces.include.length > 0)
    );
  }

  function takesKey(type: SelectableType, key: ObjectKey): boolean {
    const placed = { resource: typeName(type), ...splitObjectKey(key, type.namespaced) };
    return takesType(type) && scope.outOfScope(placed) === undefined;
  }

  return {
    takesType,
    takesKey,
    takes: (type, key, line) =>
      takesKey(type, key) && (labels === undefined || matchesSelector(labels, labelsOf(line))),
    idle: () => [
      ...include
        .filter(({ text }) => !hit.has(text))
        .map(({ text }) => `--include-resources ${text} fits no type that was looked at`),
      ...scope.idleNamespaces().map((text) => `--include-namespaces ${text} fits no namespace that was looked at`),
    ],
  };
}

function labelsOf(line: Buffer): JsonObject {
  const object = parseJson(line.toString("utf8"));
  const metadata = isJsonObject(object) ? object.metadata : undefined;
  const labels = isJsonObject(metadata) ? metadata.labels : undefined;
  return isJsonObject(labels) ? labels : {};
}
