import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { editAt } from "./edit-json.ts";
import type { OnFit, Rule } from "./rule.ts";

/** A label or an annotation. */
export interface MetadataRule {
  readonly key: string;
  readonly text: string;
}

/** An object with labels or annotations of its own metadata set; those of Pod templates and selectors stay. */
export function overrideMetadata(
  field: "labels" | "annotations",
  object: JsonObject,
  rules: readonly Rule<MetadataRule>[],
  onFit: OnFit,
): JsonObject {
  for (const rule of rules) onFit(rule);
  const wanted = Object.fromEntries(rules.map(({ value }) => [value.key, value.text]));
  return editAt(object, ["metadata"], (metadata) => {
    if (!isJsonObject(metadata)) return metadata;
    const found = metadata[field];
    const present = isJsonObject(found) ? found : {};
    if (Object.entries(wanted).every(([key, text]) => present[key] === text)) return metadata;
    return { ...metadata, [field]: { ...present, ...wanted } };
  });
}
