import { emitYaml } from "@kubeferry/clean";
import { compareUtf8, type JsonObject } from "@kubeferry/model";
import { type TextContent, textContent } from "../content.ts";
import type { ImageEntry } from "../factor/images.ts";
import { NO_FIELDS, type OverlayFields } from "../factor/overlay-fields.ts";
import type { ReplicaEntry } from "../factor/replicas.ts";
import type { PatchTarget } from "../patch/target.ts";

/** A patch as a kustomization lists it. */
export interface ListedPatch {
  /** The name of its file. */
  readonly path: string;
  /** For a JSON patch; a strategic merge patch names its object itself. */
  readonly target?: PatchTarget;
}

/**
 * A kustomization that builds the given files and folders with the given patches, images and replicas, all in the order
 * of their names.
 */
export function kustomization(
  resources: readonly string[],
  patches: readonly ListedPatch[] = [],
  { images, replicas }: OverlayFields = NO_FIELDS,
): TextContent {
  const listed = [...patches].sort((left, right) => compareUtf8(left.path, right.path)).map(written);
  return textContent(
    emitYaml({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: [...resources].sort(compareUtf8),
      ...(listed.length === 0 ? {} : { patches: listed }),
      ...(images.length === 0 ? {} : { images: byName(images) }),
      ...(replicas.length === 0 ? {} : { replicas: byName(replicas) }),
    }),
  );
}

function byName(entries: readonly (ImageEntry | ReplicaEntry)[]): JsonObject[] {
  return [...entries].sort((left, right) => compareUtf8(left.name, right.name)).map((entry) => ({ ...entry }));
}

function written({ path, target }: ListedPatch): JsonObject {
  return target === undefined ? { path } : { path, target: { ...target } };
}
