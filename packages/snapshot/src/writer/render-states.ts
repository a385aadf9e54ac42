import { type Failure, KubeferryError, type ObjectKey, type ResourceType, typeName } from "@kubeferry/model";
import { sha256Hex } from "../blob/digest.ts";
import { isSecrets } from "../is-secrets.ts";
import type { SegmentRef } from "../manifest.ts";
import type { CapturedObject, MirrorView, ObjectState } from "../snapshots.ts";

/** The states of objects, with the digests of the mirror files that a view makes of them. */
export function statesOf(
  type: ResourceType,
  objects: readonly CapturedObject[],
  view: MirrorView,
  failures: Failure[],
): ObjectState[] {
  return objects.map((object) => {
    const { key, uid, resourceVersion } = object;
    const hasNone = isSecrets(type) || object.line.length > view.maxObjectBytes;
    const mirror = hasNone ? undefined : mirrorDigest(view, type, object, failures);
    return { key, uid, resourceVersion, ...(mirror === undefined ? {} : { mirror }) };
  });
}

/** The states of objects that are encrypted: nothing is rendered of them, and no digest kept. */
export function sealedStatesOf(objects: readonly CapturedObject[]): ObjectState[] {
  return objects.map(({ key, uid, resourceVersion }) => ({ key, uid, resourceVersion }));
}

/** Objects that have no mirror file for their size. Secrets have none but in mode "plain", and then the same limit. */
export function oversized(objects: readonly CapturedObject[], view: MirrorView): Pick<SegmentRef, "oversized"> {
  const found = objects.flatMap(({ key, line }) =>
    line.length > view.maxObjectBytes ? [{ key, sizeBytes: line.length }] : [],
  );
  return found.length === 0 ? {} : { oversized: found };
}

function mirrorDigest(
  view: MirrorView,
  type: ResourceType,
  object: CapturedObject,
  failures: Failure[],
): string | undefined {
  try {
    const file = view.render(type, object);
    return file === undefined ? undefined : sha256Hex(file);
  } catch (error) {
    failures.push(renderFailure(type, object.key, error));
    return undefined;
  }
}

/** The kind of failure for a mirror file that could not be made. */
export const RENDER_FAILURE = "render";

/** Foreign errors are named, not quoted: a parser's message holds a piece of the object. */
export function renderFailure(type: ResourceType, key: ObjectKey, error: unknown): Failure {
  const why = error instanceof KubeferryError ? error.message : "the object could not be turned into a file";
  return { target: `mirror ${typeName(type)} ${key}`, kind: RENDER_FAILURE, message: why };
}
