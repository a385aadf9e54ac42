import type { Call } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import { z } from "zod";
import type { ReplayCatalogue } from "../catalogue.ts";
import { definitionOf } from "../read/definition.ts";

const definitionSchema = z.object({
  spec: z.object({
    versions: z.array(
      z.object({ name: z.string(), selectableFields: z.array(z.object({ jsonPath: z.string() })).optional() }),
    ),
  }),
});

/**
 * The paths, ".spec.color", by which objects of a custom type can be selected in this version.
 * @returns undefined for a type that no definition in the snapshot makes: a built-in one
 */
export async function selectableFieldsOf(
  catalogue: ReplayCatalogue,
  type: TypeEntry,
  call: Call,
): Promise<string[] | undefined> {
  const parsed = definitionSchema.safeParse(await definitionOf(catalogue, type, call));
  if (!parsed.success) return undefined;
  const version = parsed.data.spec.versions.find(({ name }) => name === type.version);
  return (version?.selectableFields ?? []).map(({ jsonPath }) => jsonPath);
}
