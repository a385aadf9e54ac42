import { isJsonObject, type JsonValue } from "@kubeferry/model";
import type { ListSchema } from "./schema/schema-node.ts";

/** What is known of fields of Kubernetes' own types where no schema says it: by their names alone. */
const LISTS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["containers", [["name"]]],
  ["initContainers", [["name"]]],
  ["ephemeralContainers", [["name"]]],
  ["env", [["name"]]],
  ["volumes", [["name"]]],
  ["volumeMounts", [["mountPath"]]],
  ["volumeDevices", [["devicePath"]]],
  // Of a container, and of a service.
  [
    "ports",
    [
      ["containerPort", "protocol"],
      ["port", "protocol"],
    ],
  ],
  ["imagePullSecrets", [["name"]]],
  ["secrets", [["name"]]],
  ["hostAliases", [["ip"]]],
  ["topologySpreadConstraints", [["topologyKey", "whenUnsatisfiable"]]],
  ["webhooks", [["name"]]],
  ["matchConditions", [["name"]]],
  ["ownerReferences", [["uid"]]],
]);

const SETS: ReadonlySet<string> = new Set(["finalizers"]);

/** How the elements of a list of this name are told apart. */
export function builtInList(name: string, list: readonly JsonValue[]): ListSchema {
  if (SETS.has(name)) return { by: "set" };
  const keys = LISTS.get(name)?.find(([first = ""]) =>
    list.every((element) => isJsonObject(element) && Object.hasOwn(element, first)),
  );
  return keys === undefined ? { by: "place" } : { by: "keys", keys };
}

/** Maps, and structures of which an empty one says no more than none. Never selectors: an empty one takes everything. */
const NOTHING_WHEN_EMPTY: ReadonlySet<string> = new Set([
  "metadata",
  "annotations",
  "binaryData",
  "data",
  "hard",
  "labels",
  "limits",
  "matchLabels",
  "nodeSelector",
  "parameters",
  "requests",
  "resources",
  "spec",
  "status",
  "strategy",
  "stringData",
  "template",
  "updateStrategy",
]);

/** True where an empty map says no more than none, in a field of this name. */
export function meansNothingEmpty(name: string): boolean {
  return NOTHING_WHEN_EMPTY.has(name);
}

const QUANTITIES: ReadonlySet<string> = new Set(["sizeLimit", "divisor", "averageValue"]);

const MAPS_OF_QUANTITIES: ReadonlySet<string> = new Set([
  "capacity",
  "default",
  "defaultRequest",
  "hard",
  "limits",
  "max",
  "maxLimitRequestRatio",
  "min",
  "podFixed",
  "requests",
]);

/** Maps whose keys are anybody's: a label may be called "divisor". */
const FREE_MAPS: ReadonlySet<string> = new Set([
  "annotations",
  "binaryData",
  "data",
  "labels",
  "matchLabels",
  "nodeSelector",
  "parameters",
  "selector",
  "stringData",
]);

/** @param way names of the fields on the way to the value, the last two at least */
export function isQuantityByName(way: readonly string[]): boolean {
  const around = way.at(-2) ?? "";
  return MAPS_OF_QUANTITIES.has(around) || (QUANTITIES.has(way.at(-1) ?? "") && !FREE_MAPS.has(around));
}

/** Lists with keys whose elements take effect one after the other. */
export function orderCounts(name: string, list: readonly JsonValue[]): boolean {
  // One init container ends before the next begins, and one mutating webhook sees what the one before it made.
  if (name === "initContainers" || name === "webhooks") return true;
  // A variable is filled into those behind it: where none is, their order changes nothing.
  return name === "env" && list.some((item) => isJsonObject(item) && String(item.value ?? "").includes("$("));
}
