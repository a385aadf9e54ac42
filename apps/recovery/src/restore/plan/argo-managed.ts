import { annotationOf, at, isJsonObject, type JsonObject, labelOf } from "@kubeferry/model";

/**
 * The Application by which Argo CD keeps an object of the target, whichever way it tracks; undefined where it does not.
 * The label that charts use as well (`app.kubernetes.io/instance`) counts only where Argo CD wrote the object.
 */
export function argoApplicationOf(live: JsonObject): string | undefined {
  const tracked = annotationOf(live, "argocd.argoproj.io/tracking-id")?.split(":", 1)[0];
  if (tracked !== undefined) return tracked;
  const own = labelOf(live, "argocd.argoproj.io/instance");
  if (own !== undefined) return own;
  if (!writtenByArgo(live)) return undefined;
  return labelOf(live, "app.kubernetes.io/instance") ?? "of Argo CD";
}

function writtenByArgo(live: JsonObject): boolean {
  const managers = at(live, "metadata", "managedFields");
  if (!Array.isArray(managers)) return false;
  return managers.some((one) => isJsonObject(one) && one.manager === "argocd-controller");
}
