import { valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

const PUBLISHED: readonly unknown[] = ["kube-root-ca.crt", "openshift-service-ca.crt"];

/** The certificates that the cluster publishes into every namespace. */
export const rootCaConfigMap: DropRule = {
  id: "root-ca-config-map",
  title: "the ConfigMaps kube-root-ca.crt and openshift-service-ca.crt",
  of: "ConfigMap",
  reason: "the cluster publishes its own certificates there in every namespace",
  source: "Kubernetes documentation, Managing Service Accounts, kube-root-ca.crt; OpenShift documentation, Service CA",
  keptWhen: "owned",
  appliesTo: types("", "ConfigMap"),
  matches: (object) => PUBLISHED.includes(valueAt(object, ["metadata", "name"])),
};
