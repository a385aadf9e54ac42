import { emitYaml } from "@kubeferry/clean";
import { compareUtf8 } from "@kubeferry/model";
import { type TextContent, textContent } from "../content.ts";

/** A kustomization that builds the given files and folders, in the order of their names, and changes nothing. */
export function kustomization(resources: readonly string[]): TextContent {
  return textContent(
    emitYaml({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: [...resources].sort(compareUtf8),
    }),
  );
}
