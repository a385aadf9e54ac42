import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import type { GitRef } from "../../git-ref.ts";
import { editAt, editItems, editText, editTexts } from "../overrides/edit-json.ts";

/** What a namespace is called where an environment is deployed; the same name where nothing renames it. */
export type NamespaceNames = (namespace: string) => string;

/** Where types name the namespace of another object, by "group/Kind". */
const REFERENCES: ReadonlyMap<string, readonly string[][]> = new Map([
  ["rbac.authorization.k8s.io/RoleBinding", [["subjects", "[]", "namespace"]]],
  ["rbac.authorization.k8s.io/ClusterRoleBinding", [["subjects", "[]", "namespace"]]],
  ["authorization.openshift.io/RoleBinding", [["subjects", "[]", "namespace"]]],
  [
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    [["webhooks", "[]", "clientConfig", "service", "namespace"]],
  ],
  [
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    [["webhooks", "[]", "clientConfig", "service", "namespace"]],
  ],
  [
    "apiextensions.k8s.io/CustomResourceDefinition",
    [["spec", "conversion", "webhook", "clientConfig", "service", "namespace"]],
  ],
  ["apiregistration.k8s.io/APIService", [["spec", "service", "namespace"]]],
  ["/PersistentVolume", [["spec", "claimRef", "namespace"]]],
  ["gateway.networking.k8s.io/Gateway", [["spec", "listeners", "[]", "tls", "certificateRefs", "[]", "namespace"]]],
  ["gateway.networking.k8s.io/ReferenceGrant", [["spec", "from", "[]", "namespace"]]],
  ...["HTTPRoute", "GRPCRoute", "TLSRoute"].map((kind): [string, string[][]] => [
    `gateway.networking.k8s.io/${kind}`,
    [
      ["spec", "parentRefs", "[]", "namespace"],
      ["spec", "rules", "[]", "backendRefs", "[]", "namespace"],
    ],
  ]),
]);

/** Bindings name service accounts as users and groups too. */
const BINDING = /^(rbac\.authorization\.k8s\.io|authorization\.openshift\.io)\/(Cluster)?RoleBinding$/;
const BINDING_NAMES = ["subjects", "[]", "name"];

/**
 * An object with every namespace that it is known to name called as it is there: its own, those of the objects it
 * refers to, and those that its selectors choose by name. The same object when it names none that is renamed.
 */
export function mapNamespaces(object: JsonObject, ref: GitRef, nameOf: NamespaceNames): JsonObject {
  const type = `${ref.group}/${ref.kind}`;
  const rename = editText(nameOf);
  const own = type === "/Namespace" ? ["metadata", "name"] : ["metadata", "namespace"];
  const moved = editAt(object, own, rename);
  const references = REFERENCES.get(type) ?? [];
  const referring = references.reduce((changed, path) => editAt(changed, path, rename), moved);
  const named = BINDING.test(type)
    ? editAt(
        referring,
        BINDING_NAMES,
        editText((name) => accountName(name, nameOf)),
      )
    : referring;
  return inSelectors(named, nameOf) as JsonObject;
}

function accountName(name: string, nameOf: NamespaceNames): string {
  const [, prefix, namespace, rest] = /^(system:serviceaccounts?:)([^:]+)(:.*)?$/.exec(name) ?? [];
  return prefix === undefined || namespace === undefined ? name : `${prefix}${nameOf(namespace)}${rest ?? ""}`;
}

/** Selectors of namespaces stand in built-in types and in custom ones alike, under names that end the same way. */
function inSelectors(value: JsonValue, nameOf: NamespaceNames): JsonValue {
  if (Array.isArray(value)) return editItems(value, (item) => inSelectors(item, nameOf));
  if (!isJsonObject(value)) return value;
  let edited = value;
  // Hardly anything changes, and all of every object is looked through.
  for (const key of Object.keys(value)) {
    const inside = value[key] ?? null;
    const changed = inField(value, key, inside, nameOf);
    if (changed === inside) continue;
    if (edited === value) edited = { ...value };
    edited[key] = changed;
  }
  return edited;
}

function inField(object: JsonObject, key: string, inside: JsonValue, nameOf: NamespaceNames): JsonValue {
  if (key.length >= SELECTOR.length && key.toLowerCase().endsWith(SELECTOR)) return inSelector(inside, nameOf);
  // Terms of Pod affinity list namespaces by name.
  if (key === "namespaces" && Object.hasOwn(object, "topologyKey")) return editTexts(nameOf)(inside);
  return inSelectors(inside, nameOf);
}

/** How fields end that select namespaces, in small letters. */
const SELECTOR = "namespaceselector";

const NAME_LABEL = "kubernetes.io/metadata.name";

function inSelector(selector: JsonValue, nameOf: NamespaceNames): JsonValue {
  const byLabel = editAt(selector, ["matchLabels", NAME_LABEL], editText(nameOf));
  const byExpression = editAt(byLabel, ["matchExpressions", "[]"], (expression) =>
    isJsonObject(expression) && expression.key === NAME_LABEL
      ? editAt(expression, ["values"], editTexts(nameOf))
      : expression,
  );
  return editAt(byExpression, ["matchNames"], editTexts(nameOf));
}
