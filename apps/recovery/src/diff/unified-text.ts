import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { hiddenValues } from "../compare/hidden-values.ts";
import { maskHidden } from "../compare/mask-hidden.ts";
import type { ComparedType } from "../sides/side.ts";
import { hunks } from "./hunks.ts";

/**
 * Two states of an object as the hunks of a unified diff of their YAML. What may not be shown stands there as
 * "(hidden)", and where it differs as "(hidden, before)" and "(hidden, after)".
 * @param before undefined where there is none
 */
export function unifiedText(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  { type, hideValues }: { readonly type: ComparedType; readonly hideValues: boolean },
): string {
  const { left, right, isHidden } = hiddenValues(before ?? {}, after ?? {}, type);
  const masked = maskHidden(left, right, (path) => hideValues || isHidden(path));
  return hunks(before === undefined ? "" : emitYaml(masked.before), after === undefined ? "" : emitYaml(masked.after));
}
