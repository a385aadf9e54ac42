import { equalJson } from "../../equal.ts";
import { valueAt } from "../../path.ts";
import { type CleaningRule, present, types } from "../rule.ts";

const NAME_LABEL = ["metadata", "labels", "kubernetes.io/metadata.name"];

/** What every Namespace is given: a label with its own name, and the finalizer that empties it. */
export const namespaceIdentity: CleaningRule = {
  id: "namespace-identity",
  title: "the label kubernetes.io/metadata.name and spec.finalizers",
  of: "Namespace",
  reason: "the API server gives them to every Namespace",
  source: "Kubernetes documentation, Namespaces, Automatic labelling; registry/core/namespace strategy",
  keptWhen: "owned",
  appliesTo: types("", "Namespace"),
  find(object) {
    const isOwnName = valueAt(object, NAME_LABEL) === valueAt(object, ["metadata", "name"]);
    return [
      ...(isOwnName ? present(object, NAME_LABEL) : []),
      ...present(object, ...givenSpec(valueAt(object, ["spec"]))),
    ];
  },
};

/** The whole spec where nothing else is in it: an empty one would be content. */
function givenSpec(spec: ReturnType<typeof valueAt>): string[][] {
  if (spec === undefined) return [];
  if (equalJson(spec, { finalizers: ["kubernetes"] })) return [["spec"]];
  return equalJson(valueAt(spec, ["finalizers"]) ?? null, ["kubernetes"]) ? [["spec", "finalizers"]] : [];
}
