import { type CleaningRule, present } from "../rule.ts";

/** Which instance of a claim a volume is bound to; the claim's name and namespace stay. */
export const persistentVolumeClaimRef: CleaningRule = {
  id: "persistent-volume-claim-ref",
  title: "uid and resourceVersion in a PersistentVolume's claimRef",
  reason: "they name one past instance of the claim; with them a new claim of that name is Lost",
  source: "Kubernetes documentation, Persistent Volumes, Reserving a PersistentVolume",
  keptWhen: "owned",
  appliesTo: (type) => type.group === "" && type.kind === "PersistentVolume",
  find: (object) => present(object, ["spec", "claimRef", "uid"], ["spec", "claimRef", "resourceVersion"]),
};
