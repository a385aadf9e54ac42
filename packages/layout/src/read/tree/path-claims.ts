import { pathSegment, type ResourceType } from "@kubeferry/model";
import type { GitRef } from "../../git-ref.ts";

/** Folders in which trees keep what has no namespace. */
const CLUSTER_FOLDERS: ReadonlySet<string> = new Set(["_cluster", "cluster", "cluster-scoped", "_cluster-scoped"]);

/** A time stamp as a folder's name: "2026-03-01T06-00-00", with ":" or as UTC too. */
const STAMP = /^\d{4}-\d\d-\d\dT\d\d[-:]\d\d[-:]\d\d(\.\d+)?Z?$/;

/** Where in a tree of whole copies a file lies; undefined for a file that is in none. */
export function stampOf(path: string): { readonly above: string; readonly stamp: string } | undefined {
  const steps = path.split("/");
  const index = steps.slice(0, -1).findIndex((step) => STAMP.test(step));
  const stamp = steps[index];
  return stamp === undefined
    ? undefined
    : { above: steps.slice(0, index).join("/"), stamp: stamp.replaceAll(":", "-") };
}

/**
 * What a file's path says and its object does not: "namespace other". The known trees end in
 * `<namespace>/<type>/<name>`; the type may be plural or singular, and have its group behind it. A path that ends
 * otherwise says nothing.
 * @param alone whether the object is the only one in its file
 */
export function pathContradiction(path: string, ref: GitRef, type: ResourceType, alone: boolean): string | undefined {
  const steps = path.split("/");
  const [folder, named, file] = steps.slice(-3);
  if (folder === undefined || named === undefined || file === undefined) return undefined;
  if (folder !== saidFolder(ref, folder)) return `namespace ${folder}`;
  const types = [type.resource, type.kind.toLowerCase()];
  const grouped = types.map((each) => `${each}.${type.group}`);
  if (![...types, ...grouped].includes(named.toLowerCase().replace(/~[0-9a-f]{16}$/, ""))) return `type ${named}`;
  const name = file.replace(/\.[^.]*$/, "");
  if (!alone || name === ref.name || name === pathSegment(ref.name)) return undefined;
  return `name ${name}`;
}

/** The folder that an object should be in, given the one it is in: several stand for no namespace. */
function saidFolder({ namespace }: GitRef, folder: string): string {
  if (namespace !== undefined) return namespace;
  return CLUSTER_FOLDERS.has(folder) ? folder : "_cluster";
}
