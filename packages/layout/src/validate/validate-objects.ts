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
 * @param environmentsOf those that are made from a source
 */
export async function* validateObjects(
  varied: AsyncIterable<VariedObject>,
  context: { readonly validator: Validator; readonly environmentsOf: (source: string) => readonly string[] },
  findings: Findings,
  call: Call,
): AsyncIterable<PassedObject> {
  for await (const each of varied) {
    const environments = context.environmentsOf(each.source);
    const verdict = await context.validator.judge({ ...each, contents: contentsOf(each, environments) }, call);
    for (const [finding, where] of verdict.findings) findings.report(finding, where);
    const { reason } = verdict;
    const leftOutOf = new Set([...each.leftOutOf, ...verdict.leftOutOf]);
    const everywhere = environments.every((environment) => leftOutOf.has(environment));
    if (reason !== undefined)
      findings.block(each.ref, everywhere ? reason : `${reason} (${[...verdict.leftOutOf].join(", ")})`);
    if (!everywhere) yield { ...each, leftOutOf };
  }
}

/** The object as its source has it, for the environments that take it so, and as each of the others has it. */
function contentsOf({ object, yaml, variants, leftOutOf }: VariedObject, environments: readonly string[]) {
  const unchanged = environments.filter((environment) => !variants.has(environment) && !leftOutOf.has(environment));
  const changed = [...variants].map(([environment, file]) => ({ ...file, environments: [environment] }));
  const contents = unchanged.length === 0 ? changed : [{ object, yaml, environments: unchanged }, ...changed];
  return contents.map((content) => ({ ...content, sizeBytes: content.yaml.length }));
}
