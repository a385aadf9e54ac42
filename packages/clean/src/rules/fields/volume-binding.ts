import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** That Kubernetes bound the volume by itself; who provisioned it stays, since only that provisioner deletes it. */
export const volumeBinding: CleaningRule = {
  id: "volume-binding",
  title: "the annotations bound-by-controller and migrated-to",
  of: "PersistentVolume",
  reason: "the volume controllers write them when they bind or migrate a volume",
  source: "Kubernetes pkg/controller/volume/persistentvolume/util, AnnBoundByController, AnnMigratedTo",
  keptWhen: "owned",
  appliesTo: types("", "PersistentVolume"),
  find: (object) =>
    present(object, annotation("pv.kubernetes.io/bound-by-controller"), annotation("pv.kubernetes.io/migrated-to")),
};
