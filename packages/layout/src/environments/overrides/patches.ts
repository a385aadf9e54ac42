import { isJsonObject, type JsonObject, type JsonValue, textAt } from "@kubeferry/model";
import { applyPatch, type Operation, Pointer } from "rfc6902";
import { refTitle } from "../../git-ref.ts";
import { GitOpsError } from "../../gitops-error.ts";
import { matchesGlob } from "../../select/namespace-scope.ts";
import { type OnFit, type OverriddenObject, type Rule, ruleName } from "./rule.ts";

/** A change of any field of the objects that it names. */
export interface PatchRule {
  readonly target: { readonly group?: string; readonly kind: string; readonly name: string };
  /** RFC 7396. */
  readonly merge?: Readonly<Record<string, unknown>>;
  /** RFC 6902. */
  readonly json?: readonly PatchOperation[];
}

interface PatchOperation {
  readonly op: "add" | "replace" | "remove" | "test";
  readonly path: string;
  readonly value?: unknown;
}

/** What makes an object the one it is, which no patch may change. */
const IDENTITY = [["apiVersion"], ["kind"], ["metadata", "name"], ["metadata", "namespace"]];

/**
 * An object with every patch that names it, in their order.
 * @throws GitOpsError "config" for one that cannot be applied, or makes another object of it
 */
export function overrideByPatches(
  object: JsonObject,
  rules: readonly Rule<PatchRule>[],
  overridden: OverriddenObject,
  onFit: OnFit,
): JsonObject {
  const { ref } = overridden;
  return rules.reduce((before, rule) => {
    const { group = ref.group, kind, name } = rule.value.target;
    if (group !== ref.group || kind !== ref.kind || !matchesGlob(ref.name, name)) return before;
    onFit(rule);
    const after = patched(before, rule, overridden);
    for (const path of IDENTITY) {
      if (textAt(after, ...path) === textAt(before, ...path)) continue;
      throw refused(rule, overridden, `it changes ${path.join(".")}, which would make another object of it`);
    }
    return after;
  }, object);
}

function patched(object: JsonObject, rule: Rule<PatchRule>, overridden: OverriddenObject): JsonObject {
  const { merge, json = [] } = rule.value;
  if (merge !== undefined) return mergePatch(object, merge as JsonObject) as JsonObject;
  // The library changes what it is given.
  const copy = structuredClone(object);
  for (const operation of json) {
    const problem = problemOf(copy, operation) ?? apply(copy, operation);
    if (problem !== undefined) throw refused(rule, overridden, `${operation.op} ${operation.path}: ${problem}`);
  }
  return copy;
}

/** What the library would let through: it takes any text for a place in a list, and steps over some keys. */
function problemOf(object: JsonObject, { op, path }: PatchOperation): string | undefined {
  if (path === "") return "names the whole object";
  const { parent, key } = Pointer.fromJSON(path).evaluate(object) as { parent: unknown; key: string };
  if (/(^|\/)(__proto__|constructor|prototype)(\/|$)/.test(path)) return "names a key that cannot be patched";
  if (!Array.isArray(parent)) return undefined;
  if (/^(0|[1-9]\d*)$/.test(key) || (op === "add" && key === "-")) return undefined;
  return `"${key}" is no place in a list`;
}

/** What keeps an operation from being done; no value is in it, because what is there may be anybody's. */
function apply(object: JsonObject, operation: PatchOperation): string | undefined {
  const [error] = applyPatch(object, [operation as Operation]);
  if (error === null || error === undefined) return undefined;
  return error.name === "TestError" ? "another value is there" : "nothing is there";
}

/** @see RFC 7396, section 2 */
function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function refused(rule: Rule<PatchRule>, { ref, environment }: OverriddenObject, problem: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: `patch ${refTitle(ref)} for environment ${environment}`,
    problem: `${ruleName(rule)}: ${problem}`,
    next: "correct the patch, or narrow its target",
  });
}
