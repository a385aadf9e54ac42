import { type CleaningRule, present } from "../rule.ts";

/** The API server's book of who wrote which field. */
export const managedFields: CleaningRule = {
  id: "managed-fields",
  title: "metadata.managedFields",
  of: "every object",
  reason: "the API server keeps this book itself and refuses it in server-side apply",
  source: "Kubernetes documentation, Server-Side Apply, Field management",
  keptWhen: "nothing",
  appliesTo: () => true,
  find: (object) => present(object, ["metadata", "managedFields"]),
};
