import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { type Path, valueAt } from "../../path.ts";
import { type CleaningRule, present, types } from "../rule.ts";

const UID_LABELS = ["controller-uid", "batch.kubernetes.io/controller-uid"];
const IDENTITY_LABELS = [...UID_LABELS, "job-name", "batch.kubernetes.io/job-name"];
const LABELS: Path[] = [
  ["metadata", "labels"],
  ["spec", "template", "metadata", "labels"],
];
const SELECTED: Path = ["spec", "selector", "matchLabels"];

/** The selector and labels that the API server makes of a Job's uid, unless the Job brings its own. */
export const jobIdentity: CleaningRule = {
  id: "job-identity",
  title: "generated selector and labels of a Job",
  of: "Job",
  reason: "the API server makes them of the Job's uid and refuses those of another uid",
  source: "Kubernetes documentation, Jobs, Specifying your own Pod selector; registry/batch/job generateSelector",
  keptWhen: "owned",
  appliesTo: types("batch", "Job"),
  find(object) {
    if (valueAt(object, ["spec", "manualSelector"]) === true) return [];
    const labels = LABELS.flatMap((path) => IDENTITY_LABELS.map((label) => [...path, label]));
    return present(object, ...labels, ...generatedSelector(object));
  },
};

/** The whole selector where nothing else is in it: what would be left of it is no selector. */
function generatedSelector(object: JsonObject): Path[] {
  const selected = valueAt(object, SELECTED);
  if (!isJsonObject(selected)) return [];
  const isGenerated = Object.keys(selected).every((label) => UID_LABELS.includes(label));
  const isAlone = valueAt(object, ["spec", "selector", "matchExpressions"]) === undefined;
  return isGenerated && isAlone ? [["spec", "selector"]] : UID_LABELS.map((label) => [...SELECTED, label]);
}
