import type { Call } from "@kubeferry/model";
import type { Findings } from "../findings.ts";
import type { ViewedObject } from "../view/view-objects.ts";
import type { Validator } from "./validator.ts";

/** An object that may be written, and where it may not. */
export interface PassedObject extends ViewedObject {
  /** Environments of its source that an error keeps it out of; never all of them. */
  readonly leftOutOf: ReadonlySet<string>;
}

/**
 * Passes on what may be in Git. An object with an error in every environment of its source is blocked, as is every
 * finding on its way to the report; what Git already has of it stays.
 * @param environmentsOf those that are made from a source
 */
export async function* validateObjects(
  viewed: AsyncIterable<ViewedObject>,
  context: { readonly validator: Validator; readonly environmentsOf: (source: string) => readonly string[] },
  findings: Findings,
  call: Call,
): AsyncIterable<PassedObject> {
  for await (const each of viewed) {
    const environments = context.environmentsOf(each.source);
    const contents = [{ object: each.object, sizeBytes: each.yaml.length, environments }];
    const verdict = await context.validator.judge({ ...each, contents }, call);
    for (const [finding, where] of verdict.findings) findings.report(finding, where);
    const { leftOutOf, reason } = verdict;
    const everywhere = environments.every((environment) => leftOutOf.has(environment));
    if (reason !== undefined)
      findings.block(each.ref, everywhere ? reason : `${reason} (${[...leftOutOf].join(", ")})`);
    if (!everywhere) yield { ...each, leftOutOf };
  }
}
