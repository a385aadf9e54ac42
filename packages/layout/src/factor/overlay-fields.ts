import { type JsonObject, type JsonValue, objectsAt, textAt } from "@kubeferry/model";
import { withImages } from "./container-images.ts";
import type { ImageEntry } from "./images.ts";
import { type ReplicaEntry, withReplicas } from "./replicas.ts";

/** What the kustomization of an overlay says beside its resources and patches. */
export interface OverlayFields {
  readonly images: readonly ImageEntry[];
  readonly replicas: readonly ReplicaEntry[];
}

/** Of an overlay that says nothing of the kind. */
export const NO_FIELDS: OverlayFields = { images: [], replicas: [] };

/** What kustomize makes of an object once its patches are applied. The argument stays as it is. */
export function withFields(object: JsonObject, { images, replicas }: OverlayFields): JsonObject {
  return withReplicas(withImages(object, images), replicas);
}

/** The fields of a kustomization of ours, as `kustomization` wrote it. */
export function fieldsIn(kustomization: JsonValue): OverlayFields {
  const images = objectsAt(kustomization, "images").flatMap((entry) => {
    const [name, newName, newTag, digest] = ["name", "newName", "newTag", "digest"].map((key) => textAt(entry, key));
    if (name === undefined) return [];
    return [
      {
        name,
        ...(newName === undefined ? {} : { newName }),
        ...(newTag === undefined ? {} : { newTag }),
        ...(digest === undefined ? {} : { digest }),
      },
    ];
  });
  const replicas = objectsAt(kustomization, "replicas").flatMap(({ name, count }) =>
    typeof name === "string" && typeof count === "number" ? [{ name, count }] : [],
  );
  return { images, replicas };
}
