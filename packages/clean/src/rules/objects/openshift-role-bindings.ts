import type { JsonObject, JsonValue } from "@kubeferry/model";
import { equalJson } from "../../equal.ts";
import { ownValue, valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

const API_GROUP = "rbac.authorization.k8s.io";

/** The bindings that OpenShift puts into every project; one with another subject or role is somebody's. */
export const openshiftRoleBindings: DropRule = {
  id: "openshift-role-bindings",
  title: "the RoleBindings system:deployers, system:image-builders and system:image-pullers, unchanged",
  of: "RoleBinding",
  reason: "OpenShift makes them in every project, for the ServiceAccounts that it makes",
  source:
    "OpenShift documentation, Default cluster roles and project bindings; openshift-controller-manager defaultrolebindings",
  keptWhen: "owned",
  appliesTo: types(API_GROUP, "RoleBinding"),
  matches(object) {
    const name = valueAt(object, ["metadata", "name"]);
    const made =
      typeof name === "string" ? madeIn(String(valueAt(object, ["metadata", "namespace"])))[name] : undefined;
    if (made === undefined || valueAt(object, ["metadata", "labels"]) !== undefined) return false;
    const role = { apiGroup: API_GROUP, kind: "ClusterRole", name: made.role };
    return equals(ownValue(object, "roleRef"), role) && equals(ownValue(object, "subjects"), [made.subject]);
  },
};

interface Made {
  readonly role: string;
  readonly subject: JsonObject;
}

function madeIn(namespace: string): Readonly<Record<string, Made>> {
  const account = (name: string): JsonObject => ({ kind: "ServiceAccount", name, namespace });
  const everyAccount = { apiGroup: API_GROUP, kind: "Group", name: `system:serviceaccounts:${namespace}` };
  return {
    "system:deployers": { role: "system:deployer", subject: account("deployer") },
    "system:image-builders": { role: "system:image-builder", subject: account("builder") },
    "system:image-pullers": { role: "system:image-puller", subject: everyAccount },
  };
}

function equals(left: JsonValue | undefined, right: JsonValue): boolean {
  return left !== undefined && equalJson(left, right);
}
