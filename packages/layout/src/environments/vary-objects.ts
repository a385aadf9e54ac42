import type { JsonObject } from "@kubeferry/model";
import type { Findings } from "../findings.ts";
import { type FileContext, fileOf, type ObjectFile, type Viewable, type ViewedObject } from "../view/view-objects.ts";
import type { Variants } from "./variants.ts";

/** An object with what environments of its source make of it. */
export interface VariedObject extends ViewedObject {
  /** By environment: only those to which it is another one. */
  readonly variants: ReadonlyMap<string, VariedFile>;
  /** Environments that would make something of it that cannot be in Git. */
  readonly leftOutOf: ReadonlySet<string>;
}

/** An object as an environment has it, and its file. */
interface VariedFile extends ObjectFile {
  readonly object: JsonObject;
}

/**
 * Adds to an object what its environments make of it. Where that cannot be a file, or must not, the environment does
 * not get the object, and it is listed.
 * @throws GitOpsError "config" for a patch that cannot be applied
 */
export function varyObject(
  each: ViewedObject,
  variants: Variants,
  context: FileContext & { isScaled(object: Viewable): boolean },
  findings: Findings,
): VariedObject {
  const files = new Map<string, VariedFile>();
  const leftOutOf = new Set<string>();
  for (const { environment, object } of variants.of(each, context.isScaled(each))) {
    const file = fileOf(object, each, context);
    if ("yaml" in file) files.set(environment, { object, ...file });
    else {
      findings.block(each.ref, `as environment ${environment} has it: ${file.refused}`);
      leftOutOf.add(environment);
    }
  }
  return { ...each, variants: files, leftOutOf };
}
