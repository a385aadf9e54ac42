import { emitYaml } from "@kubeferry/clean";
import { compareUtf8, type JsonObject } from "@kubeferry/model";
import { type TextContent, textContent } from "../content.ts";
import type { PatchTarget } from "../patch/target.ts";

/** A patch as a kustomization lists it. */
export interface ListedPatch {
  /** The name of its file. */
  readonly path: string;
  /** For a JSON patch; a strategic merge patch names its object itself. */
  readonly target?: PatchTarget;
}

/** A kustomization that builds the given files and folders with the given patches, all in the order of their names. */
export function kustomization(resources: readonly string[], patches: readonly ListedPatch[] = []): TextContent {
  const listed = [...patches].sort((left, right) => compareUtf8(left.path, right.path)).map(written);
  return textContent(
    emitYaml({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: [...resources].sort(compareUtf8),
      ...(listed.length === 0 ? {} : { patches: listed }),
    }),
  );
}

function written({ path, target }: ListedPatch): JsonObject {
  return target === undefined ? { path } : { path, target: { ...target } };
}
