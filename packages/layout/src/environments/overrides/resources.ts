import { isJsonObject, type JsonObject, type JsonValue, textAt } from "@kubeferry/model";
import { matchesGlob } from "../../select/namespace-scope.ts";
import { editAt } from "./edit-json.ts";
import { podSpecPath } from "./pod-templates.ts";
import type { OnFit, OverriddenObject, Rule } from "./rule.ts";

/** Requests and limits for the containers that fit. */
export interface ResourcesRule {
  readonly workload: string;
  readonly container: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** A workload with the requests and limits of every rule that fits, later ones over earlier ones; others stay. */
export function overrideResources(
  object: JsonObject,
  rules: readonly Rule<ResourcesRule>[],
  { ref }: OverriddenObject,
  onFit: OnFit,
): JsonObject {
  const spec = podSpecPath(ref);
  const fitting = rules.filter(({ value }) => matchesGlob(ref.name, value.workload));
  if (spec === undefined || fitting.length === 0) return object;
  const change = (container: JsonValue): JsonValue => overrideContainer(container, fitting, onFit);
  const withInit = editAt(object, [...spec, "initContainers", "[]"], change);
  return editAt(withInit, [...spec, "containers", "[]"], change);
}

function overrideContainer(container: JsonValue, rules: readonly Rule<ResourcesRule>[], onFit: OnFit): JsonValue {
  const name = textAt(container, "name");
  if (!isJsonObject(container) || name === undefined) return container;
  const fitting = rules.filter(({ value }) => matchesGlob(name, value.container));
  for (const rule of fitting) onFit(rule);
  const present = isJsonObject(container.resources) ? container.resources : {};
  const wanted = fitting.reduce(
    (resources, { value }) => withQuantities(withQuantities(resources, "requests", value), "limits", value),
    present,
  );
  return wanted === present ? container : { ...container, resources: wanted };
}

function withQuantities(resources: JsonObject, key: "requests" | "limits", rule: ResourcesRule): JsonObject {
  const wanted = Object.entries(rule[key] ?? {});
  const present = isJsonObject(resources[key]) ? resources[key] : {};
  if (wanted.every(([name, quantity]) => present[name] === quantity)) return resources;
  return { ...resources, [key]: { ...present, ...Object.fromEntries(wanted) } };
}
