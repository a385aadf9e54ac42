import { type CleaningRule, present, types } from "../rule.ts";

/** Which instance of a claim a volume is bound to; the claim's name and namespace stay. */
export const persistentVolumeClaimRef: CleaningRule = {
  id: "persistent-volume-claim-ref",
  title: "uid and resourceVersion in a PersistentVolume's claimRef",
  of: "PersistentVolume",
  reason: "they name one past instance of the claim; with them a new claim of that name is Lost",
  source: "Kubernetes documentation, Persistent Volumes, Reserving a PersistentVolume",
  keptWhen: "owned",
  appliesTo: types("", "PersistentVolume"),
  find: (object) => present(object, ["spec", "claimRef", "uid"], ["spec", "claimRef", "resourceVersion"]),
};
