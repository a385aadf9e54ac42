import { settingProblems } from "@kubeferry/clean";
import { z } from "zod";
import { emptySection, flag, text, textLike, textList } from "./values.ts";

const rule = z.strictObject({
  id: textLike(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and '-'", {
    description: "Name of the rule, in reports and in the fingerprint.",
  }),
  reason: text({ description: "Why the fields may go; shown beside each removal." }),
  types: textList({ description: "Types it applies to, as `<plural>.<group>` or a glob over that; empty: all." }),
  remove: textList({
    description:
      "JSON pointers of the fields that go: `/metadata/annotations/example.com~1note`; a step `*` stands for every element or key.",
  }),
  when: text({
    description:
      "JMESPath expression over the object; the rule applies where it gives something else than null, false or an empty value.",
  }).exactOptional(),
  evenIfApplied: flag({
    description:
      "Whether it also removes what `kubectl apply` or server-side apply holds, and what is within lists of custom resources: Argo CD may see a difference then.",
  }).prefault(false),
});

/** `clean`: which cleaning rules shape mirror and Git. Captured bytes never change. */
export const cleanSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      disable: textList({
        description: "Ids of built-in rules to switch off, as in docs/reference/cleaning-rules.md.",
      }),
      rules: z
        .array(rule, "expected a list of rules")
        .prefault([])
        .meta({ description: "Rules of your own, after the built-in ones." }),
    }),
  )
  .superRefine((settings, context) => {
    for (const { path, text: message } of settingProblems(settings)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  })
  .prefault({})
  .meta({ description: "Cleaning rules." });
