import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/*
 * A strategic merge patch of kustomize walks the whole object, whatever it names: lists that Kubernetes' description
 * calls keyed are merged with themselves, which loses elements whose keys are not as that description says. Measured
 * with kustomize 5.8.1: two variables of one name become one, and ports of which some have no protocol multiply.
 */

/** Fields with such lists in any type, and their keys; where two keys are, the second is often left out. */
const KEYED: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["addresses", [["type"]]],
  ["conditions", [["type"]]],
  ["containers", [["name"]]],
  ["env", [["name"]]],
  ["ephemeralContainers", [["name"]]],
  ["hostAliases", [["ip"]]],
  ["imagePullSecrets", [["name"]]],
  ["initContainers", [["name"]]],
  ["ownerReferences", [["uid"]]],
  [
    "ports",
    [
      ["containerPort", "protocol"],
      ["port", "protocol"],
    ],
  ],
  ["resourceClaims", [["name"]]],
  ["schedulingGates", [["name"]]],
  ["secrets", [["name"]]],
  ["topologySpreadConstraints", [["topologyKey", "whenUnsatisfiable"]]],
  ["volumeDevices", [["devicePath"]]],
  ["volumeMounts", [["mountPath"]]],
  ["volumes", [["name"]]],
]);

/** Whether every strategic merge patch of an object would stop the build (an empty key) or disturb what it does not name. */
export function isDisturbedByMerging(object: JsonObject): boolean {
  const pending: JsonValue[] = [object];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Array.isArray(value)) pending.push(...value);
    if (!isJsonObject(value)) continue;
    for (const [field, inner] of Object.entries(value)) {
      if (field === "" || (Array.isArray(inner) && isAmbiguous(field, inner))) return true;
      pending.push(inner);
    }
  }
  return false;
}

function isAmbiguous(field: string, list: readonly JsonValue[]): boolean {
  if (list.every((element) => typeof element === "string")) return new Set(list).size < list.length;
  const keys = KEYED.get(field);
  return keys !== undefined && list.length > 0 && !keys.some((names) => tellsApart(list, names));
}

/** Whether all elements have the first key, all or none the second, and no two the same. */
function tellsApart(list: readonly JsonValue[], [first = "", second]: readonly string[]): boolean {
  const values = new Set<string>();
  let withSecond = 0;
  for (const element of list) {
    if (!isJsonObject(element) || !isName(element, first)) return false;
    const hasSecond = second !== undefined && isName(element, second);
    if (hasSecond) withSecond += 1;
    values.add(JSON.stringify([String(element[first]), hasSecond ? String(element[second]) : ""]));
  }
  return values.size === list.length && (withSecond === 0 || withSecond === list.length);
}

function isName(element: JsonObject, key: string): boolean {
  const value = Object.hasOwn(element, key) ? element[key] : undefined;
  return (typeof value === "string" && value !== "") || typeof value === "number";
}
