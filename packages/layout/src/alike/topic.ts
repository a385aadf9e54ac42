import type { PieceGroup } from "./piece-groups.ts";

const STORAGE_FIELDS: ReadonlySet<string> = new Set(["storageClassName", "storageClass"]);

const HOST = /^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/;

/**
 * What a parameter is about, by its values and by where it stands.
 * @param names as they are shown @param field where it counts in no other
 */
export function topicOf({ fields, parts }: PieceGroup, names: readonly string[], field: string | undefined): string {
  const [part] = parts;
  if (part !== undefined && parts.size === 1)
    return part === "name" ? "image" : part === "version" ? "image version" : part;
  const all = [...fields.keys()];
  if (all.every((each) => STORAGE_FIELDS.has(each))) return "storage class";
  const written = names.filter((name) => name !== "");
  if (written.every((name) => name.startsWith("svc."))) return "cluster domain";
  if (written.every((name) => HOST.test(name))) return "host";
  return field ?? (all.length === 1 ? all[0] : undefined) ?? "name";
}
