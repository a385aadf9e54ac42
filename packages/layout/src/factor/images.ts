import { compareUtf8, isJsonObject, type JsonObject, type JsonValue, textAt } from "@kubeferry/model";
import { pointerStep } from "../json-pointer.ts";

/** An entry of a kustomization's `images`: what becomes of images of one name. */
export interface ImageEntry {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

/** An image of one object of an overlay: as it is once patches are applied, and as it shall be. */
export interface ImageUse {
  readonly before: string;
  readonly after: string;
}

/**
 * The entries that make of every image of an overlay what it shall be. An image that no entry can change without hitting
 * another one stays as it is, and has to be changed by a patch: kustomize takes the name for a regular expression, reaches
 * every list of containers of every object, and drops a digest for a tag.
 * @param uses all images in all objects that the overlay builds, those included that stay as they are
 */
export function imageEntries(uses: readonly ImageUse[]): readonly ImageEntry[] {
  const changed = uses.filter(({ before, after }) => before !== after);
  const names = [...new Set(changed.map(({ before }) => parsed(before)?.name))].filter((name) => name !== undefined);
  const exact = names.sort(compareUtf8).flatMap((name) => exactEntry(name, uses) ?? []);
  return withoutChains(exact, uses);
}

/** What kustomize makes of an image by these entries, one after the other. */
export function changedImage(image: string, entries: readonly ImageEntry[]): string {
  return entries.reduce(changedBy, image);
}

/** An object with its images changed as kustomize changes them. The argument stays as it is. */
export function withImages(object: JsonObject, entries: readonly ImageEntry[]): JsonObject {
  if (entries.length === 0 || object.kind === "CustomResourceDefinition") return object;
  return mapImages(object, (image) => changedImage(image, entries)) as JsonObject;
}

/** A value with each image in it replaced that kustomize reaches: those in lists of containers, wherever these are. */
export function mapImages(
  value: JsonValue,
  replace: (image: string, place: string) => string,
  place: string = "",
): JsonValue {
  if (Array.isArray(value)) return value.map((each, index) => mapImages(each, replace, `${place}/${index}`));
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).map(([key, inner]): [string, JsonValue] => {
    const below = `${place}${pointerStep(key)}`;
    if (!LISTS.has(key) || !Array.isArray(inner)) return [key, mapImages(inner, replace, below)];
    return [key, inner.map((each, index) => withImage(each, replace, `${below}/${nameOf(each) ?? index}`))];
  });
  return Object.fromEntries(fields);
}

const LISTS: ReadonlySet<string> = new Set(["containers", "initContainers"]);

/** A container keeps its place where others come before it. */
function nameOf(container: JsonValue): string | undefined {
  return textAt(container, "name");
}

function withImage(container: JsonValue, replace: (image: string, place: string) => string, place: string): JsonValue {
  const mapped = mapImages(container, replace, place);
  if (!isJsonObject(mapped) || !Object.hasOwn(mapped, "image") || typeof mapped.image !== "string") return mapped;
  return { ...mapped, image: replace(mapped.image, place) };
}

interface Image {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** The parts of an image whose form leaves no doubt about them; undefined for any other text. */
function parsed(image: string): Image | undefined {
  const found = /^([a-zA-Z0-9][\w.-]*(?::\d+(?=\/))?(?:\/[\w.-]+)*)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]+))?$/.exec(
    image,
  );
  const [, name, tag, digest] = found ?? [];
  if (name === undefined || !/[a-zA-Z]/.test(name)) return undefined;
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function exactEntry(name: string, uses: readonly ImageUse[]): ImageEntry | undefined {
  const hit = uses.filter(({ before }) => isHit(before, name));
  const example = hit.find(({ before, after }) => before !== after);
  if (example === undefined) return undefined;
  return entriesFor(name, example).find((entry) =>
    hit.every(({ before, after }) => parsed(before) !== undefined && changedBy(before, entry) === after),
  );
}

/** The shortest first: a new name alone serves images of several tags. */
function entriesFor(name: string, { before, after }: ImageUse): readonly ImageEntry[] {
  const [old, now] = [parsed(before), parsed(after)];
  if (old === undefined || now === undefined) return [];
  const renamed = { name, ...(now.name === name ? {} : { newName: now.name }) };
  const { tag, digest } = now;
  const whole = {
    ...renamed,
    ...(tag === undefined ? {} : { newTag: tag }),
    ...(digest === undefined ? {} : { digest }),
  };
  return [renamed, whole];
}

/** Entries whose result another one would change again do not go together: those that are hit by it are left out. */
function withoutChains(entries: readonly ImageEntry[], uses: readonly ImageUse[]): readonly ImageEntry[] {
  const wrong = uses.filter(({ before, after }) => {
    const isMeant = entries.some(({ name }) => isHit(before, name));
    return isMeant && changedImage(before, entries) !== after;
  });
  if (wrong.length === 0) return entries;
  return withoutChains(
    entries.filter(({ name }) => !wrong.some(({ before }) => isHit(before, name))),
    uses,
  );
}

function changedBy(image: string, { name, newName, newTag, digest }: ImageEntry): string {
  if (!isHit(image, name)) return image;
  const at = image.indexOf("@");
  const beforeDigest = at < 0 ? image : image.slice(0, at);
  const colon = beforeDigest.lastIndexOf(":");
  const hasTag = colon > beforeDigest.lastIndexOf("/");
  const old = {
    name: hasTag ? beforeDigest.slice(0, colon) : beforeDigest,
    tag: hasTag ? beforeDigest.slice(colon) : "",
    digest: at < 0 ? "" : image.slice(at),
  };
  const isPinned = newTag !== undefined || digest !== undefined;
  const tag = isPinned ? (newTag === undefined ? "" : `:${newTag}`) : old.tag;
  const pin = isPinned ? (digest === undefined ? "" : `@${digest}`) : old.digest;
  return `${newName ?? old.name}${tag}${pin}`;
}

/** As kustomize asks: the name is a regular expression, in which a dot stands for any character. */
function isHit(image: string, name: string): boolean {
  return new RegExp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`).test(image);
}

/** Whether a text may hold an image that one of the entries changes. */
export function isHitByAny(text: string, entries: readonly ImageEntry[]): boolean {
  return entries.some(({ name }) => new RegExp(name).test(text));
}
