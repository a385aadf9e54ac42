import { Secret, webhookKeyBytes } from "@kubeferry/model";
import { z } from "zod";
import { asPartial, EVEN_WHEN_INVALID, emptySection, secretList } from "./values.ts";

const EXPECTED = "expected whsec_ and the base64 of 24 to 64 bytes; kubeferry init --webhook makes one";

/** `webhook`: what both ends of the backup-complete call know. */
export const webhookSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      keys: secretList({
        description:
          'Keys of the calls, as `whsec_<base64>` of 24 to 64 bytes (`kubeferry init --webhook` makes one). A sender signs with every one, a receiver accepts each: add the new one at both ends, whichever first, and then drop the old one. Written as `["${file:/var/run/secrets/webhook/key}"]`.',
      }),
    }),
  )
  .superRefine((value, context) => {
    const { keys } = asPartial(value);
    if (!Array.isArray(keys)) return;
    for (const [index, key] of keys.entries()) {
      // What is no secret yet was refused already.
      if (!(key instanceof Secret) || webhookKeyBytes(key.reveal().trim()) !== undefined) continue;
      context.addIssue({ code: "custom", path: ["keys", index], message: EXPECTED });
    }
  }, EVEN_WHEN_INVALID)
  .prefault({})
  .meta({ description: "The call with which a backup tells stage 2 that it is complete." });
