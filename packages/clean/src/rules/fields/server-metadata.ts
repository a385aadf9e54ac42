import type { Path } from "../../path.ts";
import { type CleaningRule, present } from "../rule.ts";

const SET_BY_SERVER: readonly Path[] = [
  ["metadata", "uid"],
  ["metadata", "resourceVersion"],
  ["metadata", "generation"],
  ["metadata", "creationTimestamp"],
  ["metadata", "deletionTimestamp"],
  ["metadata", "deletionGracePeriodSeconds"],
  ["metadata", "selfLink"],
];

/** uid, resourceVersion and the like: set by the API server, refused or ignored in what it is given. */
export const serverMetadata: CleaningRule = {
  id: "server-metadata",
  title: "metadata that only the API server sets",
  of: "every object",
  reason: "the API server sets it anew on every object it stores",
  source: "Kubernetes API conventions, Metadata; apimachinery meta/v1 ObjectMeta, fields marked read-only",
  keptWhen: "nothing",
  appliesTo: () => true,
  find: (object) => present(object, ...SET_BY_SERVER),
};
