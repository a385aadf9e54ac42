import { ownValue, valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

const CONTROLLERS: readonly unknown[] = ["DaemonSet", "StatefulSet"];

/** The history that a DaemonSet or StatefulSet keeps of its template; those of other controllers stay. */
export const controllerRevisions: DropRule = {
  id: "controller-revisions",
  title: "ControllerRevisions of DaemonSets and StatefulSets",
  of: "ControllerRevision",
  reason: "the controller keeps there what its template was before",
  source: "Kubernetes API reference, ControllerRevision",
  keptWhen: "owned",
  appliesTo: types("apps", "ControllerRevision"),
  matches(object) {
    const owners = valueAt(object, ["metadata", "ownerReferences"]);
    return (
      Array.isArray(owners) &&
      owners.some(
        (owner) => ownValue(owner, "apiVersion") === "apps/v1" && CONTROLLERS.includes(ownValue(owner, "kind")),
      )
    );
  },
};
