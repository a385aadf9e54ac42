import { isJsonObject, type JsonArray, type JsonObject, type JsonValue, pointerStep, textAt } from "@kubeferry/model";
import { changedImage, type ImageEntry } from "./images.ts";

/** An object with its images changed as `images` of a kustomization changes them. The argument stays as it is. */
export function withImages(object: JsonObject, entries: readonly ImageEntry[]): JsonObject {
  return entries.length === 0 ? object : mapImages(object, (image) => changedImage(image, entries));
}

/**
 * An object with each image in it replaced that kustomize reaches: those in lists of containers, wherever these are, but
 * never in a definition of a type.
 * @param replace is told the image and the place of its container, which is the same in two versions of one object
 */
export function mapImages(object: JsonObject, replace: (image: string, place: string) => string): JsonObject {
  return isTypeDefinition(object) ? object : (mapped(object, replace, "") as JsonObject);
}

/** The images that `mapImages` would ask about, in that order, without a copy of what is around them. */
export function imagesIn(object: JsonObject): readonly (readonly [place: string, image: string])[] {
  const found: [string, string][] = [];
  if (!isTypeDefinition(object)) findImages(object, "", found);
  return found;
}

/**
 * Whether `images` of a kustomization must not be used where an overlay builds this object, whatever they name. Measured
 * with kustomize 5.8.1: the build stops at a container that is no map and at an image that is no text, and at a text or
 * a number on the way to the containers of a pod (`spec.template: small` of a custom resource); null in the place of
 * such a list becomes an empty list.
 */
export function stopsImages(object: JsonObject): boolean {
  if (isTypeDefinition(object)) return false;
  return hasStrangeContainer(object) || WAYS.some((way) => isBarred(object, way));
}

/** Whether the file of an object, as we write it, may hold one that stops images; most tell by their text. */
export function mayStopImages(text: string): boolean {
  return /ontainers|olumes|template/.test(text) || /^spec:(?!\n {2}\S)/m.test(text);
}

const LISTS: ReadonlySet<string> = new Set(["containers", "initContainers"]);

/** Where kustomize looks into objects of every type; a list is in brackets. */
const WAYS: readonly (readonly string[])[] = ["spec", "spec/template/spec"].flatMap((pod) =>
  ["[containers]/image", "[initContainers]/image", "[volumes]/image/reference"].map((way) =>
    `${pod}/${way}`.split("/"),
  ),
);

type Replace = (image: string, place: string) => string;

/** kustomize passes definitions of types by. */
function isTypeDefinition({ kind }: JsonObject): boolean {
  return kind === "CustomResourceDefinition";
}

function mapped(value: JsonValue, replace: Replace, place: string): JsonValue {
  if (Array.isArray(value)) return value.map((each, index) => mapped(each, replace, `${place}/${index}`));
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).map(([key, inner]): [string, JsonValue] => {
    const below = `${place}${pointerStep(key)}`;
    if (!LISTS.has(key) || !Array.isArray(inner)) return [key, mapped(inner, replace, below)];
    return [key, inner.map((each, index) => withImage(each, replace, `${below}/${nameOf(each) ?? index}`))];
  });
  return Object.fromEntries(fields);
}

function findImages(value: JsonValue, place: string, found: [string, string][]): void {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) if (holdsMore(each)) findImages(each, `${place}/${index}`, found);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    if (!holdsMore(inner)) continue;
    const below = `${place}${pointerStep(key)}`;
    if (!LISTS.has(key) || !Array.isArray(inner)) findImages(inner, below, found);
    else for (const [index, each] of inner.entries()) findImage(each, `${below}/${nameOf(each) ?? index}`, found);
  }
}

function findImage(container: JsonValue, place: string, found: [string, string][]): void {
  findImages(container, place, found);
  const image = textAt(container, "image");
  if (image !== undefined) found.push([place, image]);
}

/** Whether a value is a map or a list: no place is written for anything else. */
function holdsMore(value: JsonValue | undefined): value is JsonObject | JsonArray {
  return typeof value === "object" && value !== null;
}

/** A container keeps its place where others come before it. */
function nameOf(container: JsonValue): string | undefined {
  return textAt(container, "name");
}

function withImage(container: JsonValue, replace: Replace, place: string): JsonValue {
  const inner = mapped(container, replace, place);
  if (!isJsonObject(inner) || !Object.hasOwn(inner, "image") || typeof inner.image !== "string") return inner;
  return { ...inner, image: replace(inner.image, place) };
}

function hasStrangeContainer(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(hasStrangeContainer);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => {
    return (LISTS.has(key) && Array.isArray(inner) && inner.some(isStrange)) || hasStrangeContainer(inner);
  });
}

function isStrange(container: JsonValue): boolean {
  return !isJsonObject(container) || (Object.hasOwn(container, "image") && typeof container.image !== "string");
}

/** Whether something on the way is not what kustomize takes it for. Lists on the way are gone through. */
function isBarred(value: JsonValue | undefined, way: readonly string[], isList: boolean = false): boolean {
  const [step, ...rest] = way;
  if (value === undefined) return false;
  if (step === undefined) return typeof value !== "string";
  if (value === null) return isList;
  if (Array.isArray(value)) return value.some((each) => isBarred(each, way));
  if (!isJsonObject(value) || isList) return true;
  const key = step.replace(/[[\]]/g, "");
  return isBarred(Object.hasOwn(value, key) ? value[key] : undefined, rest, key !== step);
}
