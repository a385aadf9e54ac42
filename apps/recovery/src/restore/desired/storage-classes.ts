import { editAt } from "@kubeferry/layout";
import type { JsonObject, JsonValue } from "@kubeferry/model";

/** The annotation that named the class before there was a field. */
const OLD_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** Templates of claims, by "group/Kind" of what holds them; "[]" is every item. */
const TEMPLATES: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["/PersistentVolumeClaim", [[]]],
  ["/PersistentVolume", [[]]],
  ["/Pod", [["spec", "volumes", "[]", "ephemeral", "volumeClaimTemplate"]]],
  ["apps/StatefulSet", [["spec", "volumeClaimTemplates", "[]"], ...inPods(["spec", "template"])]],
  ...["apps/Deployment", "apps/DaemonSet", "apps/ReplicaSet", "batch/Job", "/ReplicationController"].map(
    (type): [string, string[][]] => [type, inPods(["spec", "template"])],
  ),
  ["batch/CronJob", inPods(["spec", "jobTemplate", "spec", "template"])],
]);

function inPods(template: readonly string[]): string[][] {
  return [[...template, "spec", "volumes", "[]", "ephemeral", "volumeClaimTemplate"]];
}

/**
 * An object with its storage classes called as in the target: volumes, claims and templates of claims; what a custom
 * resource calls a class is its own affair. The same object where nothing is called otherwise.
 */
export function mapStorageClasses(
  object: JsonObject,
  { group, kind }: { readonly group: string; readonly kind: string },
  classes: Readonly<Record<string, string>>,
): JsonObject {
  if (Object.keys(classes).length === 0) return object;
  const places = TEMPLATES.get(`${group}/${kind}`) ?? [];
  return places.reduce<JsonValue>(
    (changed, place) => editAt(changed, place, (claim) => inClaim(claim, classes)),
    object,
  ) as JsonObject;
}

function inClaim(claim: JsonValue, classes: Readonly<Record<string, string>>): JsonValue {
  const rename = (name: JsonValue): JsonValue =>
    typeof name === "string" && Object.hasOwn(classes, name) ? (classes[name] ?? name) : name;
  const byField = editAt(claim, ["spec", "storageClassName"], rename);
  return editAt(byField, ["metadata", "annotations", OLD_ANNOTATION], rename);
}
