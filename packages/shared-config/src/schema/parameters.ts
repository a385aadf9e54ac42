import { z } from "zod";
import { emptySection, text } from "./values.ts";

/** `gitops.parameters`: by name, by environment, the text that stands for one and the same thing. */
export const parameters = z
  .preprocess(
    emptySection,
    z.record(
      z.string().min(1, 'expected a name, such as "host suffix"'),
      z.record(
        z.string(),
        text({ description: "What it is in this environment, as whole words: `dev.example.com`." }),
        "expected a text for each environment, such as {dev: dev.example.com, prod: example.com}",
      ),
    ),
  )
  .prefault({})
  .meta({
    description:
      "What is another text in each environment and means the same, by a name of your own: suffixes of hosts, registries, storage classes. `kubeferry gitops summary` counts each as one difference; others like them it finds by itself.",
  });

/** What parameters say of environments that are not there, or of only one. */
export function* parameterProblems(
  all: z.output<typeof parameters>,
  environments: Readonly<Record<string, unknown>>,
): Generator<readonly [path: readonly string[], message: string]> {
  for (const [name, values] of Object.entries(all)) {
    const known = Object.keys(environments);
    for (const environment of Object.keys(values))
      if (!known.includes(environment))
        yield [[name, environment], `no environment is called so; there are ${known.join(", ")}`];
    if (Object.keys(values).length < 2) yield [[name], "expected a text for at least two environments"];
  }
}
