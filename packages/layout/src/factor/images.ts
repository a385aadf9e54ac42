import { compareUtf8 } from "@kubeferry/model";
import { type ImageParts, imageParts, isImageOf } from "./image-name.ts";

/** An entry of a kustomization's `images`: what becomes of images of one name. */
export interface ImageEntry {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

/** An image of one object of an overlay: as its base has it, and as it shall be. */
export interface ImageUse {
  readonly before: string;
  readonly after: string;
}

/**
 * The entries that change images of an overlay and do nothing else. An image that they do not make what it shall be is
 * left to a patch, and they leave alone what that patch puts there: kustomize takes a name for a regular expression,
 * reaches every list of containers of every object, drops a digest for a tag, and comes to images last.
 * @param uses all images in all objects that the overlay builds, those included that stay as they are
 */
export function imageEntries(uses: readonly ImageUse[]): readonly ImageEntry[] {
  const changed = uses.filter(({ before, after }) => before !== after);
  const names = [...new Set(changed.map(({ before }) => imageParts(before)?.name))].filter(
    (name) => name !== undefined,
  );
  const exact = names.sort(compareUtf8).flatMap((name) => exactEntry(name, uses) ?? []);
  return withoutHarm(exact, uses);
}

/** What kustomize makes of an image by these entries, one after the other. */
export function changedImage(image: string, entries: readonly ImageEntry[]): string {
  return entries.reduce(changedBy, image);
}

/** Whether the file of an object may hold an image that one of the entries changes. */
export function isHitByAny(text: string, entries: readonly ImageEntry[]): boolean {
  // In a name a dot stands for any character, which YAML may have written as several.
  const isHit = ({ name }: ImageEntry) => name.split(".").every((part) => text.includes(part));
  return text.includes("image") && entries.some(isHit);
}

/** The entry for a name that makes of each image it hits what that one shall be; undefined where none does. */
function exactEntry(name: string, uses: readonly ImageUse[]): ImageEntry | undefined {
  const hit = uses.filter(({ before }) => isImageOf(before, name));
  const example = hit.find(({ before, after }) => before !== after);
  if (example === undefined) return undefined;
  if (!hit.every(({ before, after }) => imageParts(before) !== undefined && imageParts(after) !== undefined))
    return undefined;
  return entriesFor(name, example).find((entry) =>
    hit.every(({ before, after }) => changedBy(before, entry) === after),
  );
}

/** The shortest first: a new name alone serves images of several tags. */
function entriesFor(name: string, { after }: ImageUse): readonly ImageEntry[] {
  const now = imageParts(after);
  if (now === undefined) return [];
  const renamed = { name, ...(now.name === name ? {} : { newName: now.name }) };
  const { tag, digest } = now;
  const whole = {
    ...renamed,
    ...(tag === undefined ? {} : { newTag: tag }),
    ...(digest === undefined ? {} : { digest }),
  };
  return [renamed, whole];
}

/** The entries without those that would change what a patch, or another entry, has made what it shall be. */
function withoutHarm(exact: readonly ImageEntry[], uses: readonly ImageUse[]): readonly ImageEntry[] {
  for (let entries = exact; ; ) {
    const left = entries;
    const harmed = uses.filter(({ before, after }) => {
      return changedImage(before, left) !== after && changedImage(after, left) !== after;
    });
    if (harmed.length === 0) return left;
    entries = left.filter((entry, index) => {
      const found = harmed.map(({ after }) => changedImage(after, left.slice(0, index)));
      return found.every((image) => changedBy(image, entry) === image);
    });
  }
}

function changedBy(image: string, { name, newName, newTag, digest }: ImageEntry): string {
  if (!isImageOf(image, name)) return image;
  const old = split(image);
  const isPinned = newTag !== undefined || digest !== undefined;
  const tag = isPinned ? (newTag ?? "") : old.tag;
  const pin = isPinned ? (digest ?? "") : old.digest;
  return `${newName ?? old.name}${tag === "" ? "" : `:${tag}`}${pin === "" ? "" : `@${pin}`}`;
}

/** As kustomize takes an image apart, whatever text it is: behind the first slash, at the first colon and the first "@". */
function split(image: string): Required<ImageParts> {
  const slash = Math.max(image.indexOf("/"), 0);
  const [at, colon] = [image.indexOf("@", slash), image.indexOf(":", slash)];
  const nameEnd = Math.min(...[at, colon, image.length].filter((end) => end >= 0));
  const tagEnd = at < 0 ? image.length : at;
  return {
    name: image.slice(0, nameEnd),
    tag: image.slice(nameEnd + 1, Math.max(tagEnd, nameEnd + 1)),
    digest: at < 0 ? "" : image.slice(at + 1),
  };
}
