import { posix } from "node:path";
import { emitYaml } from "@kubeferry/clean";
import { compareUtf8, type ResourceType, typeName } from "@kubeferry/model";

const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
const FILE = "kustomization.yaml";

/** The kustomizations of an export, as its files become known. */
export interface Kustomizations {
  add(type: ResourceType, path: string): void;
  counts(): { readonly objects: number; readonly definitions: number };
  /** Path → text: the root's, and one in the folder of the CustomResourceDefinitions. Nothing when there is no object. */
  files(): ReadonlyMap<string, string>;
}

/**
 * One kustomization over everything. CustomResourceDefinitions have one of their own below it, because kubectl looks up
 * every kind before it applies the first object: where definitions and their objects are both new, their folder is
 * applied first, and the whole after it.
 */
export function createKustomizations(): Kustomizations {
  const objects: string[] = [];
  const definitions: string[] = [];
  return {
    add(type, path) {
      (typeName(type) === DEFINITIONS ? definitions : objects).push(path);
    },
    counts: () => ({ objects: objects.length + definitions.length, definitions: definitions.length }),
    files() {
      const files = new Map<string, string>();
      const [first] = definitions;
      const folder = first === undefined ? undefined : posix.dirname(first);
      if (folder !== undefined) {
        files.set(`${folder}/${FILE}`, kustomization(definitions.map((path) => posix.basename(path))));
      }
      const root = folder === undefined ? objects : [...objects, folder];
      if (root.length > 0) files.set(FILE, kustomization(root));
      return files;
    },
  };
}

function kustomization(resources: readonly string[]): string {
  return emitYaml({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [...resources].sort(compareUtf8),
    // Namespaces and definitions come out first, webhook configurations last.
    sortOptions: { order: "legacy" },
  });
}
