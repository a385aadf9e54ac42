import { valueAt } from "../../path.ts";
import { type CleaningRule, present } from "../rule.ts";

/** The beginning from which the API server made the name; without a name it is the name, and stays. */
export const generatedName: CleaningRule = {
  id: "generated-name",
  title: "metadata.generateName beside a name",
  of: "every object",
  reason: "the API server made the name of it; an object that has its name needs none",
  source: "Kubernetes API conventions, Metadata, generateName",
  keptWhen: "owned",
  appliesTo: () => true,
  find: (object) =>
    valueAt(object, ["metadata", "name"]) === undefined ? [] : present(object, ["metadata", "generateName"]),
};
