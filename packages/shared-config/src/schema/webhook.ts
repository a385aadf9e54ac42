import { z } from "zod";
import { emptySection, secretList } from "./values.ts";

/** `webhook`: what both ends of the backup-complete call know. */
export const webhookSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      keys: secretList({
        description:
          'Keys that calls are signed with, as `whsec_<base64>` of 24 to 64 bytes (`kubeferry init` makes one). The first one signs, every one is accepted: put the new one first on the receiver and then on the senders, then drop the old one. Written as `["${file:/var/run/secrets/webhook/key}"]`.',
      }),
    }),
  )
  .prefault({})
  .meta({ description: "The call with which a backup tells stage 2 that it is complete." });
