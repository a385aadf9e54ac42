import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { ownValue } from "../../path.ts";
import type { DropRule } from "../rule.ts";

/** What a default ServiceAccount holds when nobody changed it; `secrets` was filled by the cluster until 1.24. */
const UNTOUCHED_KEYS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata", "secrets"]);

/** The ServiceAccount that every namespace gets. With pull secrets, labels or annotations it is somebody's and stays. */
export const defaultServiceAccount: DropRule = {
  id: "default-service-account",
  title: "the default ServiceAccount of a namespace, unchanged",
  reason: "the cluster makes one in every namespace",
  source: "Kubernetes documentation, Managing Service Accounts, ServiceAccount controller",
  appliesTo: (type) => type.group === "" && type.kind === "ServiceAccount",
  matches(object, evidence) {
    const metadata = ownValue(object, "metadata");
    if (ownValue(metadata, "name") !== "default" || evidence.isOwned(["metadata"])) return false;
    return Object.keys(object).every((key) => UNTOUCHED_KEYS.has(key)) && !hasMarks(metadata as JsonObject);
  },
};

function hasMarks(metadata: JsonObject): boolean {
  return ["labels", "annotations", "ownerReferences", "finalizers"].some((key) => {
    const value = ownValue(metadata, key);
    return isJsonObject(value) ? Object.keys(value).length > 0 : value !== undefined;
  });
}
