import { z } from "zod";
import { emptySection, text } from "./values.ts";

/** `gitops.parameters`: by name, by environment, the text that stands for one and the same thing. */
export const parameters = z
  .preprocess(
    emptySection,
    z.record(
      z.string().min(1, 'expected a name, such as "host suffix"'),
      z
        .record(
          z.string(),
          text({ description: "What it is in this environment, as whole words: `dev.example.com`." }),
          "expected a text for each environment, such as {dev: dev.example.com, prod: example.com}",
        )
        .meta({
          description:
            "By environment. Between environments it counts where each of them has a text here. Shown in summaries and requests: no credentials.",
        }),
    ),
  )
  .prefault({})
  .meta({
    description:
      "What is another text in each environment and means the same, by a name of your own: suffixes of hosts, registries, storage classes. `kubeferry gitops summary` counts each as one difference; others like them it finds by itself.",
  });

/** What parameters say of environments that are not there, of only one, or of all the same. */
export function* parameterProblems(
  all: z.output<typeof parameters>,
  environments: Readonly<Record<string, unknown>>,
): Generator<readonly [path: readonly string[], message: string]> {
  for (const [name, values] of Object.entries(all)) {
    const known = Object.keys(environments);
    for (const environment of Object.keys(values))
      if (!known.includes(environment))
        yield [[name, environment], `no environment is called so; there are ${known.join(", ")}`];
    const texts = Object.values(values);
    if (texts.length > 1 && new Set(texts).size === 1)
      yield [[name], "is the same in all environments, so that it explains nothing: drop it"];
    if (texts.length < 2) yield [[name], "expected a text for at least two environments"];
  }
}
