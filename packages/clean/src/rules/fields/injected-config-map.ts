import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { type Path, valueAt } from "../../path.ts";
import { type CleaningRule, types } from "../rule.ts";

/** The keys that OpenShift fills in a ConfigMap, by what asks for them. */
const FILLED: readonly { readonly askedBy: Path; readonly key: string }[] = [
  { askedBy: ["metadata", "annotations", "service.beta.openshift.io/inject-cabundle"], key: "service-ca.crt" },
  { askedBy: ["metadata", "annotations", "service.alpha.openshift.io/inject-cabundle"], key: "service-ca.crt" },
  { askedBy: ["metadata", "labels", "config.openshift.io/inject-trusted-cabundle"], key: "ca-bundle.crt" },
];

/** Certificates that a ConfigMap asks OpenShift for; the request stays, and so does all other data. */
export const injectedConfigMap: CleaningRule = {
  id: "injected-config-map",
  title: "certificates injected into a ConfigMap's data",
  of: "ConfigMap",
  reason: "OpenShift injects the certificates that the annotation or label asks for, and renews them",
  source: "OpenShift documentation, Service CA certificates; Injecting a custom trust bundle",
  keptWhen: "owned",
  appliesTo: types("", "ConfigMap"),
  find(object) {
    const keys = FILLED.filter(({ askedBy }) => valueAt(object, askedBy) === "true").map(({ key }) => key);
    return filledIn(object, new Set(keys));
  },
};

/** All of the data where nothing else is in it: the API server stores no empty one. */
function filledIn(object: JsonObject, keys: ReadonlySet<string>): Path[] {
  const data = valueAt(object, ["data"]);
  if (!isJsonObject(data)) return [];
  const filled = Object.keys(data).filter((key) => keys.has(key));
  const isAll = filled.length > 0 && filled.length === Object.keys(data).length;
  return isAll ? [["data"]] : filled.map((key) => ["data", key]);
}
