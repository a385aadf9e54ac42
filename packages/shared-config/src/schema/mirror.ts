import { z } from "zod";
import { choice, emptySection, flag, sizeBytes } from "./values.ts";

/** `backup.mirror`: one file an object, beside the snapshots. None of it changes what a snapshot holds. */
export const mirrorSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        enabled: flag({
          description:
            "Whether the latest state is also kept as one cleaned file an object, for people and other tools.",
        }).prefault(true),
        format: choice(["yaml", "json"], { description: "How its files are written." }).prefault("yaml"),
        includeStatus: flag({ description: "Whether `status` stays in its files." }).prefault(false),
        includeManagedFields: flag({ description: "Whether `metadata.managedFields` stays in its files." }).prefault(
          false,
        ),
        maxResourceSize: sizeBytes({
          description: "Objects above this are captured, left out of the mirror, and reported: `10Mi`.",
        }).prefault("10Mi"),
        validate: flag({
          description:
            "Whether each file is parsed again before it is stored and compared with what it was written from.",
        }).prefault(false),
      })
      .transform(({ maxResourceSize, ...rest }) => ({ ...rest, maxResourceBytes: maxResourceSize })),
  )
  .prefault({})
  .meta({
    description: "The mirror: the latest state as files. `mirror: false` is short for `enabled: false`.",
    "x-short": ["boolean"],
  });
