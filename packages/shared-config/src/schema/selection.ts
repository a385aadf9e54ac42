import { selectorProblem } from "@kubeferry/model";
import { z } from "zod";
import { patternProblem } from "../selection/pattern.ts";
import type { KeyNotes } from "./values.ts";

const TYPE_NAME =
  "expected <plural>, <plural>.<group> or <plural>.core, such as deployments or routes.route.openshift.io";

/** A list of names, globs or regular expressions. */
export function patternList(notes: KeyNotes) {
  return z
    .array(
      z.string().min(1, "must not be empty").superRefine(checked(patternProblem)),
      'expected a list, such as ["a", "b"]',
    )
    .prefault([])
    .meta({ ...notes });
}

/** A list of types, as `<plural>`, `<plural>.<group>` or `<plural>.core`; patterns too. */
export function typeList(notes: KeyNotes) {
  return z
    .array(
      z.string().min(1, "must not be empty").superRefine(checked(typeProblem)),
      'expected a list, such as ["a", "b"]',
    )
    .prefault([])
    .meta({ ...notes });
}

/** A map by types. */
export function byType<Value extends z.ZodType>(value: Value, notes: KeyNotes) {
  return z
    .record(z.string(), value)
    .superRefine((entries, context) => {
      for (const name of Object.keys(entries)) {
        const message = typeProblem(name);
        if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
      }
    })
    .prefault({})
    .meta({ ...notes });
}

/** A selector over labels or annotations. */
export function selector(notes: KeyNotes) {
  return z
    .string()
    .min(1, "must not be empty")
    .superRefine(checked(selectorProblem))
    .meta({ ...notes });
}

function checked(problemOf: (text: string) => string | undefined) {
  return (text: string, context: z.RefinementCtx): void => {
    const message = text === "" ? undefined : problemOf(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  };
}

/** "apps/deployments" and "deployments/web" are what people try. */
function typeProblem(text: string): string | undefined {
  const problem = patternProblem(text);
  if (problem !== undefined || text.startsWith("/")) return problem;
  return text.includes("/") ? TYPE_NAME : undefined;
}
