import type { GitOpsConfig } from "@kubeferry/shared-config";
import { clustersShape } from "./clusters-shape.ts";
import { namespacesShape } from "./namespaces-shape.ts";
import type { RepositoryShape } from "./shape.ts";

const SHAPES: Readonly<Record<GitOpsConfig["layout"], RepositoryShape>> = {
  namespaces: namespacesShape,
  clusters: clustersShape,
};

/** The shape that `gitops.layout` names. */
export function shapeOf({ layout }: Pick<GitOpsConfig, "layout">): RepositoryShape {
  return SHAPES[layout];
}

/** All others. */
export function otherShapes(shape: RepositoryShape): readonly RepositoryShape[] {
  return Object.values(SHAPES).filter(({ id }) => id !== shape.id);
}
