import { CleanError, equalJson, parseYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { builtObject } from "../build/build-overlay.ts";
import { isHitByAny } from "../factor/images.ts";
import type { OverlayFields } from "../factor/overlay-fields.ts";
import { isScalable } from "../factor/replicas.ts";
import type { GitRef } from "../git-ref.ts";
import { GitOpsError } from "../gitops-error.ts";
import type { BuiltFrom, FolderState } from "./folder-state.ts";
import { type ImageChange, imageChanges } from "./image-changes.ts";

/** An object of one environment at one moment. */
interface BuiltSide {
  readonly state: FolderState;
  readonly from: BuiltFrom;
}

/** What an overlay said of images and replicas, and what it is to say; undefined where nobody can tell. */
export interface ChangedFields {
  readonly before: OverlayFields | undefined;
  readonly after: OverlayFields | undefined;
  readonly isSame: boolean;
}

/** How what an environment builds of an object differs from what it built. */
export interface BuiltDifference {
  readonly images: readonly ImageChange[];
}

/** Gives the difference; undefined where both build the same object. */
export type Comparison = (
  before: BuiltSide,
  after: BuiltSide,
  fields: ChangedFields,
) => Promise<BuiltDifference | undefined>;

/**
 * Compares what environments build of one object with what they built. Files are read only where one of them, or what the
 * overlay says of images and replicas, is another one, and once for all environments that have nothing of their own.
 * What cannot be worked out counts as different.
 */
export function createComparison(ref: GitRef): Comparison {
  const plain = new Map<string, Promise<BuiltDifference | undefined>>();
  return async (before, after, fields) => {
    const isSameFiles = digestsOf(before) === digestsOf(after);
    if (isSameFiles && fields.isSame) return undefined;
    // What is encrypted is in no build, or signed as a whole.
    if (isEncrypted(before) || isEncrypted(after)) return isSameFiles ? undefined : UNKNOWN;
    if (!fields.isSame || !saysNothing(fields.after)) return compareBuilt(ref, before, after, fields);
    const key = `${digestsOf(before)} ${digestsOf(after)}`;
    const found = plain.get(key) ?? compareBuilt(ref, before, after, fields);
    plain.set(key, found);
    return found;
  };
}

async function compareBuilt(
  ref: GitRef,
  before: BuiltSide,
  after: BuiltSide,
  fields: ChangedFields,
): Promise<BuiltDifference | undefined> {
  const [old, now] = [await sourceOf(ref, before, fields.before), await sourceOf(ref, after, fields.after)];
  if (old === undefined || now === undefined) return UNKNOWN;
  if (old.isWhole && now.isWhole && old.text === now.text) return undefined;
  if (old.isWhole && now.isWhole && !old.text.includes(IMAGE) && !now.text.includes(IMAGE)) return UNKNOWN;
  const [built, wanted] = [objectOf(old), objectOf(now)];
  if (built === undefined || wanted === undefined) return UNKNOWN;
  return equalJson(built, wanted) ? undefined : { images: imageChanges(built, wanted) };
}

const UNKNOWN: BuiltDifference = { images: [] };

/** Without it there is no image to speak of, and no reason to parse an object whose text is another one. */
const IMAGE = "image:";

function saysNothing(fields: OverlayFields | undefined): boolean {
  return fields !== undefined && fields.images.length + fields.replicas.length === 0;
}

/** One text for the files that an object is built from. */
function digestsOf({ state, from }: BuiltSide): string {
  return [from.whole, from.patch].map((path) => (path === undefined ? "" : state.file(path)?.sha256)).join(" ");
}

function isEncrypted({ state, from }: BuiltSide): boolean {
  const file = state.file(from.whole);
  return file?.secret !== undefined || (file?.object?.group === "" && file.object.kind === "Secret");
}

/** Everything that an object is built from. */
interface Source {
  readonly text: string;
  readonly patch: string | undefined;
  /** Those that may change it. */
  readonly fields: OverlayFields;
  /** Nothing changes what the text says. */
  readonly isWhole: boolean;
}

async function sourceOf(
  ref: GitRef,
  { state, from }: BuiltSide,
  fields: OverlayFields | undefined,
): Promise<Source | undefined> {
  const text = await state.read(from.whole);
  const patch = from.patch === undefined ? undefined : await state.read(from.patch);
  if (text === undefined || fields === undefined || (from.patch !== undefined && patch === undefined)) return undefined;
  const images = fields.images.filter((entry) => isHitByAny(`${text}\n${patch ?? ""}`, [entry]));
  const replicas = isScalable(ref.kind) ? fields.replicas.filter(({ name }) => name === ref.name) : [];
  const isWhole = patch === undefined && images.length === 0 && replicas.length === 0;
  return { text, patch, fields: isWhole ? fields : { images: fields.images, replicas }, isWhole };
}

/** Undefined for files that are not as we write them: an older version did, or a person who meant the same. */
function objectOf({ text, patch, fields, isWhole }: Source): JsonObject | undefined {
  try {
    const object = parseYaml(text);
    const content = patch === undefined ? undefined : parseYaml(patch);
    if (!isJsonObject(object)) return undefined;
    if (isWhole) return object;
    if (content === undefined) return builtObject(object, undefined, fields);
    return isJsonObject(content) || Array.isArray(content) ? builtObject(object, { content }, fields) : undefined;
  } catch (error) {
    if (error instanceof CleanError || error instanceof GitOpsError) return undefined;
    throw error;
  }
}
