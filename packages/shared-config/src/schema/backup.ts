import { z } from "zod";
import { filterSection } from "./filter.ts";
import { mirrorSection } from "./mirror.ts";
import { typeList } from "./selection.ts";
import { choice, emptySection, flag, textLike } from "./values.ts";

// Folders that lie beside the series in the bucket.
const RESERVED_SERIES: readonly string[] = ["segments", "state", "api"];

/** `backup`: what stage 1 takes and keeps. */
export const backupSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      secrets: choice(["encrypt", "withhold", "omit", "plain"], {
        description:
          "What becomes of Secrets. `encrypt`: their values are in the bucket, encrypted to `encryption.recipients`. `withhold`: their keys are kept, their values are not. `omit`: they are not even listed. `plain`: their values are in the bucket in clear text. Left out: `encrypt` where there are recipients, else `withhold`.",
      }).exactOptional(),
      series: textLike(
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        "up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit",
        { description: "Name of the line of snapshots this run belongs to; runs with other filters take another one." },
      )
        .refine((name) => !RESERVED_SERIES.includes(name), {
          message: `expected a name other than ${RESERVED_SERIES.join(", ")}, which are folders of the bucket`,
        })
        .prefault("default"),
      mirror: mirrorSection,
      filter: filterSection,
      consistency: choice(["type", "cut"], {
        description:
          "`type`: each type's list is consistent in itself. `cut`: all types are listed at one revision; where the API server cannot do that any more, the run falls back and the manifest says so.",
      }).prefault("type"),
      strict: flag({
        description:
          "Whether a list whose pages would be of more than one revision is started again instead of kept as inconsistent.",
      }).prefault(false),
      carryStatusOnly: typeList({
        description:
          "Types whose status-only changes may keep earlier bytes, such as `nodes`. The manifest names them; everything else is captured as returned.",
      }),
      acceptUnread: typeList({
        description: "Types that may be unread in a complete snapshot: known gaps.",
      }),
    }),
  )
  .prefault({})
  .meta({ description: "Stage 1: from the cluster to the store." });
