import {
  at,
  type JsonObject,
  matchesSelector,
  parseSelector,
  type ResourceType,
  selectorProblem,
} from "@kubeferry/model";
import { compilePattern, patternProblem } from "@kubeferry/shared-config";
import { z } from "zod";
import type { GitRef } from "../../git-ref.ts";

const patterns = z
  .array(
    z.string().superRefine((text, context) => {
      const problem = patternProblem(text);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    }),
    'expected a list, such as ["a", "b*"]',
  )
  .min(1, "expected at least one entry, or leave the key out")
  .exactOptional();

/** `match` of a rule; what is left out fits everything. */
export const matchSchema = z.strictObject({
  kinds: patterns,
  groups: patterns,
  namespaces: patterns,
  labels: z
    .string()
    .superRefine((text, context) => {
      const problem = selectorProblem(text);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    })
    .exactOptional(),
});

/**
 * Compiles `match`. Kinds and groups fit in any case; a Namespace is in itself, and nothing else without a namespace
 * fits `namespaces`.
 */
export function compileMatch(match: z.output<typeof matchSchema>) {
  const kinds = compileList(match.kinds, true);
  const groups = compileList(match.groups, true);
  const namespaces = compileList(match.namespaces, false);
  const labels = match.labels === undefined ? undefined : parseSelector(match.labels);
  return (object: JsonObject, type: ResourceType, ref: GitRef): boolean => {
    const isNamespace = ref.group === "" && ref.kind === "Namespace";
    if (!kinds(type.kind) || !groups(type.group) || !namespaces(isNamespace ? ref.name : ref.namespace)) return false;
    return labels === undefined || matchesSelector(labels, labelsOf(object));
  };
}

function compileList(texts: readonly string[] | undefined, anyCase: boolean): (name: string | undefined) => boolean {
  if (texts === undefined) return () => true;
  const compiled = texts.map((text) => compilePattern(text, { anyCase }));
  return (name) => name !== undefined && compiled.some((pattern) => pattern.matches(name));
}

function labelsOf(object: JsonObject): Readonly<Record<string, unknown>> {
  const labels = at(object, "metadata", "labels");
  return typeof labels === "object" && labels !== null ? (labels as JsonObject) : {};
}
