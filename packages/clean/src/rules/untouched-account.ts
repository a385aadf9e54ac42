import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import type { Evidence } from "../evidence.ts";
import { ownValue, valueAt } from "../path.ts";
import { makerOf } from "./generated-references.ts";

const LISTS = ["secrets", "imagePullSecrets"];
const KEYS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata", ...LISTS]);
const PULL_SECRET_NOTE = "openshift.io/internal-registry-pull-secret-ref";

/** True for a ServiceAccount that holds only what the cluster put into it: no labels, no annotations, no Secrets of one's own. */
export function isUntouchedAccount(object: JsonObject, evidence: Evidence): boolean {
  const metadata = ownValue(object, "metadata");
  const account = ownValue(metadata, "name");
  return (
    Object.keys(object).every((key) => KEYS.has(key)) &&
    ["labels", "ownerReferences", "finalizers"].every((key) => isEmpty(ownValue(metadata, key))) &&
    isEmpty(ownValue(metadata, "annotations"), PULL_SECRET_NOTE) &&
    LISTS.every((list) => references(object, list).every((one, index) => isGenerated(one, [list, index])))
  );

  function isGenerated(reference: JsonValue, path: readonly [string, number]): boolean {
    return makerOf(reference, account, path, evidence) !== "somebody";
  }
}

/** True when the cluster's registry made pull secrets for the account. */
export function hasGeneratedPullSecret(object: JsonObject): boolean {
  return (
    valueAt(object, ["metadata", "annotations", PULL_SECRET_NOTE]) !== undefined ||
    LISTS.some((list) => references(object, list).some((one) => /-dockercfg-/.test(String(ownValue(one, "name")))))
  );
}

function references(object: JsonObject, list: string): readonly JsonValue[] {
  const values = ownValue(object, list);
  return Array.isArray(values) ? values : [];
}

function isEmpty(value: JsonValue | undefined, except?: string): boolean {
  if (isJsonObject(value)) return Object.keys(value).every((key) => key === except);
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
