import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { ownValue, type Path, toPointer, valueAt } from "./path.ts";

/*
 * Measured with kustomize 5.8.1, which turns every object into JSON, that JSON into YAML nodes and those into text.
 */

/**
 * Characters that stop a build (DEL, C1, the two non-characters) or change in it: NEL becomes a blank, and U+2028 and
 * U+2029 come out as line breaks of YAML 1.1, which only Go's parsers read back.
 */
const NOT_CARRIED = /[\x7f-\x9f\u2028\u2029\ufffe\uffff]/;

/** A key longer than this in JSON stops a build: the parser gives up 1,024 characters behind a key's beginning. */
const MAX_KEY_LENGTH = 1000;

/** With quotes around it, and each of its characters six long, such a key is no longer than that. */
const SHORT_KEY_LENGTH = Math.floor((MAX_KEY_LENGTH - 2) / 6);

/** Go's JSON writes these six characters long in a key. */
const LONG_IN_GO = /[<>&]/g;

/** A build's time grows with the square of the nesting and more: 0.4 s at 1,000 levels, 60 s at 9,000. */
const MAX_DEPTH = 1000;
const MAX_SHOWN_STEPS = 20;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

const INTERNAL_PREFIX = "internal.config.kubernetes.io/";
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  "alpha.config.kubernetes.io/transformations",
  "config.k8s.io/id",
  "config.kubernetes.io/index",
  "config.kubernetes.io/origin",
  "config.kubernetes.io/path",
]);
const LOCAL_CONFIG = "config.kubernetes.io/local-config";

/**
 * Why `kustomize build` cannot give back this object unchanged, as half a sentence for reports; undefined when it can.
 * Names places, never values. Such an object is left out of Git and stays in the backup.
 */
export function kustomizeRefusal(object: JsonObject): string | undefined {
  return refusedKind(object) ?? refusedAnnotations(object) ?? refusedContent(object);
}

function refusedKind(object: JsonObject): string | undefined {
  const kind = ownValue(object, "kind");
  if (typeof kind !== "string" || !kind.endsWith("List")) return undefined;
  if (ownValue(object, "items") !== undefined) return `kustomize takes a ${kind} with items for a list of objects`;
  const isWrapper = kind === "List" || kind === "ResourceList";
  return isWrapper && ownValue(object, "functionConfig") !== undefined
    ? `kustomize takes a ${kind} with functionConfig for its own`
    : undefined;
}

function refusedAnnotations(object: JsonObject): string | undefined {
  const annotations = valueAt(object, ["metadata", "annotations"]);
  if (annotations === undefined) return undefined;
  if (!isJsonObject(annotations) || Object.keys(annotations).length === 0) return "kustomize drops empty annotations";
  const own = Object.keys(annotations).find((key) => OWN_ANNOTATIONS.has(key) || key.startsWith(INTERNAL_PREFIX));
  if (own !== undefined) return `kustomize drops its own annotation ${own}`;
  const local = ownValue(annotations, LOCAL_CONFIG);
  return local !== undefined && local !== "false" ? `kustomize drops objects annotated ${LOCAL_CONFIG}` : undefined;
}

/** Whether nothing in a value needs a word; most objects are looked through by this alone, which keeps no paths. */
function isCarried(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return problemWith(value, depth) === undefined;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isCarried(item, depth + 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) {
    if (problemWithKey(key) !== undefined || !isCarried(value[key] as JsonValue, depth + 1)) return false;
  }
  return true;
}

interface Visit {
  readonly value: JsonValue;
  readonly depth: number;
  readonly path: Path;
}

function refusedContent(object: JsonObject): string | undefined {
  if (isCarried(object, 0)) return undefined;
  const pending: Visit[] = [{ value: object, depth: 0, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const problem = problemWith(next.value, next.depth);
    if (problem !== undefined) return `${problem}, at ${shown(next)}`;
    if (typeof next.value !== "object" || next.value === null) continue;
    for (const [key, value] of Array.isArray(next.value) ? next.value.entries() : Object.entries(next.value)) {
      const refused = typeof key === "string" ? problemWithKey(key) : undefined;
      if (refused !== undefined) return `${refused}, in ${shown(next)}`;
      pending.push({
        value,
        depth: next.depth + 1,
        path: next.depth < MAX_SHOWN_STEPS ? [...next.path, key] : next.path,
      });
    }
  }
  return undefined;
}

function problemWith(value: JsonValue, depth: number): string | undefined {
  if (typeof value === "string") return problemWithText(value);
  if (typeof value === "bigint" && (value < MIN_INT64 || value > MAX_INT64)) {
    return "an integer beyond 64 bits with sign becomes a rounded number";
  }
  return typeof value === "object" && value !== null && depth >= MAX_DEPTH
    ? `kustomize takes minutes for more than ${MAX_DEPTH} levels`
    : undefined;
}

function problemWithKey(key: string): string | undefined {
  if (key === "<<") return 'kustomize drops the key "<<"';
  if (key.length > SHORT_KEY_LENGTH && lengthInGo(key) > MAX_KEY_LENGTH)
    return `kustomize cannot read a key of more than ${MAX_KEY_LENGTH} characters`;
  return problemWithText(key);
}

function lengthInGo(key: string): number {
  return JSON.stringify(key).replace(LONG_IN_GO, "\\u0000").length;
}

function problemWithText(text: string): string | undefined {
  const char = NOT_CARRIED.exec(text)?.[0];
  if (char !== undefined) {
    return `kustomize cannot carry U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  }
  return text.isWellFormed() ? undefined : "half a surrogate pair is no text";
}

function shown({ path, depth }: Visit): string {
  if (depth === 0) return "the object itself";
  return toPointer(path) + (depth > path.length ? "/…" : "");
}
