import { type Failure, KubeferryError, type ObjectKey, type ResourceType, typeName } from "@kubeferry/model";
import { sha256Hex } from "../blob/digest.ts";
import { isSecrets } from "../is-secrets.ts";
import type { SegmentRef } from "../manifest.ts";
import type { RenderedBlock } from "../mirror/rendered-files.ts";
import { type CapturedObject, isVersioned, type ObjectState, type RenderView, sameVersion } from "../snapshots.ts";

/** How the state of an object comes about. */
export interface Rendering {
  readonly type: ResourceType;
  readonly view: RenderView;
  /** Gets the file that was rendered; undefined: nobody wants it. */
  readonly files: RenderedBlock | undefined;
  /** Gets the object if it could not be. */
  readonly failures: Failure[];
}

/** The state of an object that did not move since it was known: it is not rendered again. */
export function knownState(
  object: CapturedObject,
  known: ReadonlyMap<ObjectKey, ObjectState>,
): ObjectState | undefined {
  const before = known.get(object.key);
  if (before !== undefined && isVersioned(object) && sameVersion(before, object)) return before;
  return undefined;
}

/** The state of an object with the digest of the mirror file that a view makes of it. */
export function renderedState(object: CapturedObject, rendering: Rendering): ObjectState {
  const { key, uid, resourceVersion, line } = object;
  const hasNone = isSecrets(rendering.type) || line.length > rendering.view.maxObjectBytes;
  const mirror = hasNone ? undefined : mirrorDigest(object, rendering);
  return { key, uid, resourceVersion, ...(mirror === undefined ? {} : { mirror }) };
}

/** The states of objects that are encrypted: nothing is rendered of them, and no digest kept. */
export function sealedStatesOf(objects: readonly CapturedObject[]): ObjectState[] {
  return objects.map(({ key, uid, resourceVersion }) => ({ key, uid, resourceVersion }));
}

/** Objects that have no mirror file for their size. Secrets have none but in mode "plain", and then the same limit. */
export function oversized(objects: readonly CapturedObject[], view: RenderView): Pick<SegmentRef, "oversized"> {
  const found = objects.flatMap(({ key, line }) =>
    line.length > view.maxObjectBytes ? [{ key, sizeBytes: line.length }] : [],
  );
  return found.length === 0 ? {} : { oversized: found };
}

function mirrorDigest(object: CapturedObject, { type, view, files, failures }: Rendering): string | undefined {
  try {
    const file = view.render(type, object);
    if (file === undefined) return undefined;
    const sha256 = sha256Hex(file);
    files?.add({ sha256, file });
    return sha256;
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
