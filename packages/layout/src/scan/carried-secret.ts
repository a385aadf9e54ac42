import { parseYamlStream } from "@kubeferry/clean";
import { isJsonObject, type JsonValue } from "@kubeferry/model";
import { isNoValue } from "./key-names.ts";

/** A Secret inside another object, with values that are written out and not filled in elsewhere. */
export function isSecretWithValues(value: JsonValue): boolean {
  if (!isJsonObject(value) || value.kind !== "Secret") return false;
  return [value.data, value.stringData].some((values) => isJsonObject(values) && Object.values(values).some(isValue));
}

function isValue(value: JsonValue): boolean {
  return typeof value === "string" ? value !== "" && (value.length > 10_000 || !isNoValue(value)) : value !== null;
}

/** What is not worth a parser's time any more: nobody writes manifests of this size into a text. */
const MOST_CHARACTERS = 200_000;

/** Whether a text is the manifest of a Secret with values, alone or among others. */
export function holdsSecretManifest(text: string): boolean {
  if (!/^[ -]*["']?kind["']?: *["']?Secret["']?\s*$/m.test(text)) return false;
  if (!/^[ -]*["']?(data|stringData)["']?:/m.test(text)) return false;
  if (text.length > MOST_CHARACTERS) return true;
  return documentsOf(text).some(isSecretAnywhere);
}

function documentsOf(text: string): readonly JsonValue[] {
  try {
    return parseYamlStream(text);
  } catch {
    return []; // A template, whose values are filled in elsewhere.
  }
}

function isSecretAnywhere(value: JsonValue): boolean {
  if (isSecretWithValues(value)) return true;
  const items: readonly JsonValue[] = isJsonObject(value) && Array.isArray(value.items) ? value.items : [];
  return items.some(isSecretWithValues);
}
