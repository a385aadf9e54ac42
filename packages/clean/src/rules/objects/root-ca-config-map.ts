import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { type Path, valueAt } from "../../path.ts";
import { annotation, type DropRule, types } from "../rule.ts";

interface Published {
  /** The one key in it. */
  readonly key: string;
  /** What OpenShift puts on it when it makes it, and what it is filled by. */
  readonly marker?: Path;
}

const PUBLISHED: Readonly<Record<string, Published>> = {
  "kube-root-ca.crt": { key: "ca.crt" },
  "openshift-service-ca.crt": {
    key: "service-ca.crt",
    marker: annotation("service.beta.openshift.io/inject-cabundle"),
  },
};

/** The certificates that the cluster publishes into every namespace; with other data the ConfigMap is somebody's. */
export const rootCaConfigMap: DropRule = {
  id: "root-ca-config-map",
  title: "the ConfigMaps kube-root-ca.crt and openshift-service-ca.crt, as the cluster makes them",
  of: "ConfigMap",
  reason: "the cluster publishes its own certificates there in every namespace",
  source: "Kubernetes documentation, Managing Service Accounts, kube-root-ca.crt; OpenShift documentation, Service CA",
  keptWhen: "owned",
  appliesTo: types("", "ConfigMap"),
  matches(object) {
    const name = valueAt(object, ["metadata", "name"]);
    const published = typeof name === "string" && Object.hasOwn(PUBLISHED, name) ? PUBLISHED[name] : undefined;
    if (published === undefined || !holdsAtMost(published.key, object)) return false;
    return published.marker === undefined || valueAt(object, published.marker) === "true";
  },
};

/** One that was just made may still be without its certificate. */
function holdsAtMost(key: string, object: JsonObject): boolean {
  const data = valueAt(object, ["data"]) ?? {};
  return (
    valueAt(object, ["binaryData"]) === undefined &&
    isJsonObject(data) &&
    Object.keys(data).every((present) => present === key)
  );
}
