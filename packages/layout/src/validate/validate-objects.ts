import type { Call } from "@kubeferry/model";
import type { VariedObject } from "../environments/vary-objects.ts";
import type { Findings } from "../findings.ts";
import type { Validator } from "./validator.ts";

/** An object that may be written, and where it may not. */
export interface PassedObject extends VariedObject {
  /** Environments of its source that it is kept out of; never all of them. */
  readonly leftOutOf: ReadonlySet<string>;
}

/**
 * Passes on what may be in Git. An object with an error in every environment of its source is blocked, as is every
 * finding on its way to the report; what Git already has of it stays.
 * @param environments those that are made from its source
 * @returns undefined for an object that may be in none of them
 */
export async function validateObject(
  each: VariedObject,
  { validator, environments }: { readonly validator: Validator; readonly environments: readonly string[] },
  findings: Findings,
  call: Call,
): Promise<PassedObject | undefined> {
  const verdict = await validator.judge({ ...each, contents: contentsOf(each, environments) }, call);
  for (const [finding, where] of verdict.findings) findings.report(finding, where);
  const { reason } = verdict;
  const leftOutOf = new Set([...each.leftOutOf, ...verdict.leftOutOf]);
  const everywhere = environments.every((environment) => leftOutOf.has(environment));
  if (reason !== undefined)
    findings.block(each.ref, everywhere ? reason : `${reason} (${[...verdict.leftOutOf].join(", ")})`);
  return everywhere ? undefined : { ...each, leftOutOf };
}

/** The object as its source has it, for the environments that take it so, and as each of the others has it. */
function contentsOf({ object, yaml, variants, leftOutOf }: VariedObject, environments: readonly string[]) {
  const unchanged = environments.filter((environment) => !variants.has(environment) && !leftOutOf.has(environment));
  const changed = [...variants].map(([environment, file]) => ({ ...file, environments: [environment] }));
  const contents = unchanged.length === 0 ? changed : [{ object, yaml, environments: unchanged }, ...changed];
  return contents.map((content) => ({ ...content, sizeBytes: content.yaml.length }));
}
