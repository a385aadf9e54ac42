import { z } from "zod";
import { choice, emptySection, filePath } from "./values.ts";

const ISSUES = ["off", "warn", "error"] as const;

/** `gitops.validation`: what is looked at before anything is written. */
export const validationSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      preset: choice(["default", "strict"], {
        description:
          "`strict` makes errors of: an object above 50 MB, nesting above 20, a text above 10,000 characters, and the patterns below. By default nesting and texts of that size are warnings, and 100 levels and 1.5 MB of text are errors.",
      }).prefault("default"),
      patterns: choice(ISSUES, {
        description:
          "Texts that templates and interpreters would run: `eval(`, `exec(`, `__import__`, `subprocess`, `os.system`, `${`, `{{`. Left out: off, with `preset: strict` error.",
      }).exactOptional(),
      schema: choice(ISSUES, {
        description:
          "Fields that the API of the cluster (the OpenAPI documents of its snapshot) does not know, and values of another type than it takes.",
      }).prefault("warn"),
      policies: z
        .array(filePath({ description: "A policy file, or a folder of them." }), "expected a list of files")
        .prefault([])
        .meta({ description: "Files with rules of your own, in CEL or as JSON Schema (docs/policies.md)." }),
    }),
  )
  .prefault({})
  .meta({
    description:
      "What is looked at before anything is written. An object with an error stays out of Git and is listed.",
  });
