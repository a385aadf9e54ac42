import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { imagesIn, mapImages } from "./container-images.ts";
import { changedImage, type ImageEntry, type ImageUse } from "./images.ts";

/** The images of an object that stays as it is: kustomize must not change one. */
export function keptImages(object: JsonObject): readonly ImageUse[] {
  return [...imagesIn(object).map(([, image]) => image), ...references(object)].map(kept);
}

/** The images of an object that an overlay makes out of its base's. */
export function changedImages(base: JsonObject, wanted: JsonObject): readonly ImageUse[] {
  const before = placesOf(imagesIn(base));
  const after = imagesIn(wanted);
  const isClear = before !== undefined && placesOf(after) !== undefined;
  // What a patch puts there, kustomize finds there when it comes to the images.
  const uses = after.map(([place, image]) => ({
    before: (isClear ? before.get(place) : undefined) ?? image,
    after: image,
  }));
  return [...uses, ...references(wanted).map(kept)];
}

/** An object as patches have to make it, so that the entries then give what is wanted. */
export function beforeImages(base: JsonObject, wanted: JsonObject, entries: readonly ImageEntry[]): JsonObject {
  if (entries.length === 0) return wanted;
  const before = placesOf(imagesIn(base));
  if (before === undefined || placesOf(imagesIn(wanted)) === undefined) return wanted;
  return mapImages(wanted, (image, place) => {
    const old = before.get(place);
    return old !== undefined && old !== image && changedImage(old, entries) === image ? old : image;
  });
}

function kept(image: string): ImageUse {
  return { before: image, after: image };
}

/** Undefined where two containers have one name: then nobody can say which of them is which. */
function placesOf(found: ReturnType<typeof imagesIn>): ReadonlyMap<string, string> | undefined {
  const places = new Map(found);
  return places.size === found.length ? places : undefined;
}

/** Images of volumes, of which kustomize reaches some. */
function references(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = key === "image" && isJsonObject(inner) && typeof inner.reference === "string" ? [inner.reference] : [];
    return [...own, ...references(inner)];
  });
}
