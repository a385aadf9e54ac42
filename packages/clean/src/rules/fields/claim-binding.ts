import { valueAt } from "../../path.ts";
import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** Says that the binding is the controller's choice; a claim that named its volume itself has none. */
const BOUND_BY_CONTROLLER = annotation("pv.kubernetes.io/bound-by-controller");

/** Which volume a claim got, where Kubernetes chose it; a volume that somebody named stays, and so does the class. */
export const claimBinding: CleaningRule = {
  id: "claim-binding",
  title: "the volume that was bound to a claim, and the notes of binding it",
  of: "PersistentVolumeClaim",
  reason: "Kubernetes chose or made the volume; a claim that names one which is gone, or another's, is never bound",
  source: "Kubernetes documentation, Persistent Volumes, Binding; pkg/controller/volume/persistentvolume/util",
  keptWhen: "owned",
  appliesTo: types("", "PersistentVolumeClaim"),
  find: (object) =>
    present(
      object,
      ...(valueAt(object, BOUND_BY_CONTROLLER) === undefined ? [] : [["spec", "volumeName"]]),
      BOUND_BY_CONTROLLER,
      annotation("pv.kubernetes.io/bind-completed"),
      annotation("pv.kubernetes.io/migrated-to"),
      annotation("volume.kubernetes.io/selected-node"),
      annotation("volume.kubernetes.io/storage-provisioner"),
      annotation("volume.beta.kubernetes.io/storage-provisioner"),
      annotation("volume.kubernetes.io/storage-resizer"),
    ),
};
