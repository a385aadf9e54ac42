import type { JsonObject } from "@kubeferry/model";
import { type Evidence, LAST_APPLIED } from "../../evidence.ts";
import { isBuiltIn, typeOfObject } from "../../object-type.ts";
import { annotation, type CleaningRule, present } from "../rule.ts";

/** What controllers observed. A custom resource may have a field of that name which is content, as a ticket that is open. */
export const status: CleaningRule = {
  id: "status",
  title: "status; not what only those wrote who applied a custom resource",
  of: "every object",
  reason: "controllers write what they observe there; it is not what anyone asked for",
  source: "Kubernetes API conventions, Spec and Status",
  keptWhen: "nothing",
  appliesTo: () => true,
  find: (object, { evidence }) => (isContent(object, evidence) ? [] : present(object, ["status"])),
};

/**
 * Where a type has the subresource, the API server takes no status from those who apply. Where it has none, whoever
 * applies an exported object applies its status as well; but then a controller writes it too.
 */
function isContent(object: JsonObject, evidence: Evidence): boolean {
  if (isBuiltIn(typeOfObject(object))) return false;
  if (!evidence.isLive) return true;
  const writers = evidence.writersOf(["status"]);
  const applies = (writer: (typeof writers)[number]): boolean =>
    writer.isApply || writer.holds(annotation(LAST_APPLIED));
  return (
    evidence.isOwned(["status"]) && writers.length > 0 && writers.every((one) => !one.isOfSubresource && applies(one))
  );
}
