import { pathSegment } from "@kubeferry/model";
import type { GitRef } from "../git-ref.ts";

/** Groups whose kinds stand in a file's name alone; no two of them share a kind that is adopted. */
const PLAIN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apps",
  "autoscaling",
  "batch",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

/** The folder of Secrets that sops encrypted: no kustomization names what is in it. */
export const BESIDE = "secrets";

/** What the names of these end in. */
const ENCRYPTED = ".sops.yaml";

/**
 * The name of an object's file: "deployment-web.yaml", "widget.example.com-blue.yaml", and "namespace.yaml" for the
 * Namespace that a folder is about; "secrets/db.sops.yaml" for a Secret. Any name of an object becomes one that every file system, URL and shell can hold.
 */
export function fileName(ref: GitRef): string {
  if (ref.group === "" && ref.kind === "Namespace") return "namespace.yaml";
  if (liesBeside(ref)) return `${BESIDE}/${pathSegment(ref.name)}${ENCRYPTED}`;
  const kind = ref.kind.toLowerCase();
  const typed = PLAIN_GROUPS.has(ref.group) ? kind : `${kind}.${ref.group}`;
  return `${pathSegment(`${typed}-${ref.name}`)}.yaml`;
}

/** Whether an object's file lies beside what is built: a Secret that sops encrypted. */
export function liesBeside({ group, kind }: Pick<GitRef, "group" | "kind">): boolean {
  return group === "" && kind === "Secret";
}

/** The same for an object whose name is taken by another one: the resource, which is one of a kind, decides. */
export function otherFileName(ref: GitRef): string {
  return `${pathSegment(`${ref.kind.toLowerCase()}.${ref.resource}.${ref.group}~-${ref.name}`)}.yaml`;
}

/** The file of the kustomization of a folder. */
export function kustomizationPath(folder: string): string {
  return `${folder}/kustomization.yaml`;
}

/** The name of the file in an overlay that patches the object of a file of the base. No object's own file begins so. */
export function patchFileName(name: string): string {
  return `patch-${name}`;
}

/** Whether a file of an overlay, by its path or name, is a patch of ours; a Secret that sops encrypted may be called so. */
export function isPatchFile(path: string): boolean {
  const [name = "", folder] = path.split("/").reverse();
  const isBeside = folder === BESIDE && name.endsWith(ENCRYPTED);
  return name.startsWith("patch-") && !isBeside;
}
