import { z } from "zod";
import { restoreSection } from "./restore.ts";
import { emptySection, filePath, text } from "./values.ts";

const target = z
  .preprocess(
    emptySection,
    z.strictObject({
      kubeconfig: filePath({
        description: "The kubeconfig file of the cluster that is restored into. Left out: that of `kubernetes`.",
      }).exactOptional(),
      context: text({
        description: "The context of that kubeconfig. Left out: its current one, or that of `kubernetes`.",
      }).exactOptional(),
    }),
  )
  .prefault({})
  .meta({
    description:
      "The cluster that recovery looks at and writes to, where it is another one than `kubernetes` names; `--to-kubeconfig` and `--to-context` count before it.",
  });

/** `recovery`: what comes out of a snapshot. */
export const recoverySection = z
  .preprocess(emptySection, z.strictObject({ target, restore: restoreSection }))
  .prefault({})
  .meta({ description: "Out of a snapshot: restore, rollback, comparisons." });
