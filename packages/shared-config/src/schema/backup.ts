import { z } from "zod";
import { choice, emptySection, flag, textLike } from "./values.ts";

// Folders that lie beside the series in the bucket.
const RESERVED_SERIES: readonly string[] = ["segments", "state", "api"];

/** A list of types as kubectl names them: "secrets", "widgets.example.com". */
function resourceNames(description: string) {
  const name = z
    .string()
    .regex(
      /^[a-z0-9]+(\.[a-z0-9.-]+)?$/,
      'expected a type as <plural> or <plural>.<group>, such as "widgets.example.com"',
    );
  return z.array(name, 'expected a list, such as ["events", "widgets.example.com"]').prefault([]).meta({ description });
}

/** `backup`: what stage 1 takes and keeps. */
export const backupSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      secrets: choice(
        ["withhold", "omit", "plain"],
        {
          description:
            "What becomes of Secrets. `withhold`: their keys are kept, their values are not. `omit`: they are not even listed. `plain`: their values are in the bucket in clear text. `encrypt` needs recipients, which this version cannot take yet, and is refused.",
        },
        {
          encrypt:
            "expected withhold, omit or plain (encrypt needs recipients to encrypt to, and this version cannot take any yet)",
        },
      ).prefault("withhold"),
      series: textLike(
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        "up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit",
        { description: "Name of the line of snapshots this run belongs to; runs with other filters take another one." },
      )
        .refine((name) => !RESERVED_SERIES.includes(name), {
          message: `expected a name other than ${RESERVED_SERIES.join(", ")}, which are folders of the bucket`,
        })
        .prefault("default"),
      mirror: flag({
        description:
          "Whether the latest state is also kept as one cleaned YAML file an object, for people and other tools.",
      }).prefault(true),
      excludeResources: resourceNames(
        "Types to leave out. What an earlier snapshot of the series had of them stays in it, marked as filtered.",
      ),
      alsoTake: resourceNames(
        "Types to take although they are left out by default, such as `events` or `leases.coordination.k8s.io`.",
      ),
    }),
  )
  .prefault({})
  .meta({ description: "Stage 1: from the cluster to the store." });
