import { Buffer } from "node:buffer";
import { emitJson, isWithheld, withholdSecret } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "@kubeferry/model";
import { findCredential, isSecrets } from "@kubeferry/snapshot";
import { setOwn } from "./set-own.ts";

/** Two objects in the form in which they are compared, and what of them may not be shown. */
export interface Hidden {
  readonly left: JsonObject;
  readonly right: JsonObject;
  isHidden(path: readonly string[]): boolean;
}

/**
 * Brings two Secrets into one form (`stringData` is what `data` becomes) and says which of their fields hold a value or
 * a copy of one. Where one of them was withheld, the values of both are set aside: nothing is known of them.
 * Other credentials (tokens of OpenShift), and objects with something in the form of one, are hidden whole: a backup with
 * recipients encrypts them as a whole, too, and the cluster's own objects have been in no backup yet.
 */
export function hiddenValues(
  before: JsonObject,
  after: JsonObject,
  type: { readonly group: string; readonly kind: string; readonly resource: string },
): Hidden {
  if (type.group !== "" || type.kind !== "Secret") {
    const all = isSecrets(type) || [before, after].some(holdsCredential);
    return { left: before, right: after, isHidden: () => all };
  }
  const [left, right] = [withData(before), withData(after)];
  const [withoutLeft, withoutRight] = [withheld(left), withheld(right)];
  const aside = isWithheld(before) || isWithheld(after);
  // The value of before is none to be shown afterwards either: a note may still hold it.
  const [bareLeft, bareRight] = [withheld(withValuesOf(left, right)), withheld(withValuesOf(right, left))];
  return {
    left: aside ? withoutLeft : left,
    right: aside ? withoutRight : right,
    isHidden: ([first, second, third]) => {
      if (first === "data" || first === "stringData") return true;
      if (first !== "metadata" || (second !== "annotations" && second !== "labels")) return false;
      return (
        third === undefined ||
        holdsCopy(left, bareLeft, second, third) ||
        holdsCopy(right, bareRight, second, third) ||
        // Withholding emptied it: what it was then is a value, whichever the Secret has now.
        (aside && [left, right].some((secret) => entryOf(secret, second, third) === ""))
      );
    },
  };
}

/** Looks at all texts together: of some credentials one half names what the other is. */
function holdsCredential(object: JsonObject): boolean {
  const texts: string[] = [];
  const pending: JsonValue[] = [object];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) for (const element of value) pending.push(element);
    else if (isJsonObject(value)) for (const [key, inner] of Object.entries(value)) pending.push(key, inner);
  }
  return findCredential(Buffer.from(texts.join("\n"), "utf8")) !== undefined;
}

function withData(secret: JsonObject): JsonObject {
  const { stringData, ...rest } = secret;
  if (!isJsonObject(stringData)) return secret;
  const data: JsonObject = isJsonObject(rest.data) ? { ...rest.data } : {};
  for (const [key, value] of Object.entries(stringData)) {
    setOwn(data, key, typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value);
  }
  return { ...rest, data };
}

function withheld(secret: JsonObject): JsonObject {
  return parseJson(withholdSecret(Buffer.from(emitJson(secret), "utf8")).toString("utf8")) as JsonObject;
}

/** The Secret with another one's values besides its own, under names of their own. */
function withValuesOf(secret: JsonObject, other: JsonObject): JsonObject {
  const values = [secret, other].flatMap(({ data }) => (isJsonObject(data) ? Object.values(data) : []));
  return { ...secret, data: Object.fromEntries(values.map((value, index) => [`value-${index}`, value])) };
}

/** True where withholding would have emptied the value, or taken it out. */
function holdsCopy(secret: JsonObject, without: JsonObject, field: string, key: string): boolean {
  const value = entryOf(secret, field, key);
  return value !== undefined && value !== entryOf(without, field, key);
}

function entryOf({ metadata }: JsonObject, field: string, key: string): JsonValue | undefined {
  const entries = isJsonObject(metadata) ? metadata[field] : undefined;
  return isJsonObject(entries) && Object.hasOwn(entries, key) ? entries[key] : undefined;
}
