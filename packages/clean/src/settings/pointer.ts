import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { ownValue, type Path } from "../path.ts";

/** Without these it is no object any more, or another. */
const IDENTITY: ReadonlySet<string> = new Set([
  "/apiVersion",
  "/kind",
  "/metadata",
  "/metadata/name",
  "/metadata/namespace",
]);

/** Why a JSON Pointer cannot be used in a rule, as a sentence for people; undefined when it can. */
export function pointerProblem(pointer: string): string | undefined {
  if (!pointer.startsWith("/")) return `expected a JSON pointer such as /metadata/annotations/example.com~1note`;
  if (/~(?![01])/.test(pointer)) return `"~" is written ~0 and "/" within a key ~1`;
  if (pointer.includes("//") || pointer.endsWith("/")) return "one of its steps is empty; `*` stands for every key";
  const first = pointer.split("/", 3);
  const isIdentity = IDENTITY.has(pointer) || first[1] === "*" || pointer === "/metadata/*";
  return isIdentity ? "an object cannot be without apiVersion, kind, name and namespace" : undefined;
}

/** Every place in the object that a pointer means; a step `*` stands for each element of a list or key of a map. */
export function placesOf(object: JsonObject, pointer: string): readonly Path[] {
  const steps = pointer.slice(1).split("/");
  let places: readonly Place[] = [{ path: [], value: object }];
  for (const step of steps) places = places.flatMap((place) => next(place, step));
  return places.map(({ path }) => path);
}

interface Place {
  readonly path: Path;
  readonly value: JsonValue;
}

function next({ path, value }: Place, step: string): Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) =>
      step === "*" || step === String(index) ? [{ path: [...path, index], value: inner }] : [],
    );
  }
  if (!isJsonObject(value)) return [];
  const keys = step === "*" ? Object.keys(value) : [step.replaceAll("~1", "/").replaceAll("~0", "~")];
  return keys.flatMap((key) => {
    const inner = ownValue(value, key);
    return inner === undefined ? [] : [{ path: [...path, key], value: inner }];
  });
}
