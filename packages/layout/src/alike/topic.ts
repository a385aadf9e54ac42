import { type PieceGroup, placesOf } from "./piece-groups.ts";
import type { Piece } from "./pieces.ts";

const STORAGE_FIELDS: ReadonlySet<string> = new Set(["storageClassName", "storageClass"]);

const HOST = /^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/;

const PARTS: Readonly<Record<NonNullable<Piece["part"]>, string>> = {
  registry: "registry",
  name: "image",
  version: "image version",
};

/**
 * What a parameter is about, by its values and by where it stands.
 * @param names as they are shown
 * @param field where it counts in no other
 */
export function topicOf(group: PieceGroup, names: readonly string[], field: string | undefined): string {
  for (const [part, places] of group.parts) {
    if (part !== undefined && places * 2 >= placesOf(group)) return PARTS[part];
  }
  const fields = [...group.fields.keys()];
  if (fields.every((each) => STORAGE_FIELDS.has(each))) return "storage class";
  const written = names.filter((name) => name !== "");
  if (written.every((name) => name.startsWith("svc."))) return "cluster domain";
  if (written.every((name) => HOST.test(name))) return "host";
  return field ?? (fields.length === 1 ? fields[0] : undefined) ?? "name";
}
