import type { Buffer } from "node:buffer";
import type { JsonObject } from "@kubeferry/model";
import type { Findings } from "../findings.ts";
import { fileOf, type Viewable, type ViewContext, type ViewedObject } from "../view/view-objects.ts";
import type { Variants } from "./variants.ts";

/** An object with what environments of its source make of it. */
export interface VariedObject extends ViewedObject {
  /** By environment: only those to which it is another one. */
  readonly variants: ReadonlyMap<string, { readonly object: JsonObject; readonly yaml: Buffer }>;
  /** Environments that would make something of it that cannot be in Git. */
  readonly leftOutOf: ReadonlySet<string>;
}

/**
 * Adds to every object what its environments make of it. Where that cannot be a file, or must not, the environment does
 * not get the object, and it is listed.
 * @throws GitOpsError "config" for a patch that cannot be applied
 */
export async function* varyObjects(
  viewed: AsyncIterable<ViewedObject>,
  variants: Variants,
  context: Pick<ViewContext, "holdsSecret" | "scan"> & { isScaled(object: Viewable): boolean },
  findings: Findings,
): AsyncIterable<VariedObject> {
  for await (const each of viewed) {
    const files = new Map<string, { readonly object: JsonObject; readonly yaml: Buffer }>();
    const leftOutOf = new Set<string>();
    for (const { environment, object } of variants.of(each, context.isScaled(each))) {
      const file = fileOf(object, each, context);
      if ("yaml" in file) files.set(environment, { object, yaml: file.yaml });
      else {
        findings.block(each.ref, `as environment ${environment} has it: ${file.refused}`);
        leftOutOf.add(environment);
      }
    }
    yield { ...each, variants: files, leftOutOf };
  }
}
