import { z } from "zod";
import { emptySection, secret, secretList, textLike, whole } from "./values.ts";

const RECIPIENT = /^(age1[a-z0-9]+|age1pq1[a-z0-9]+)$/;

/** `encryption`: to whom the values of Secrets are encrypted, and with what they are read again. */
export const encryptionSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      recipients: z
        .array(
          textLike(RECIPIENT, 'an age recipient, which begins with "age1"', { description: "An age recipient." }),
          'expected a list, such as ["age1…"]',
        )
        .prefault([])
        .meta({
          description:
            "Age recipients (`age1…`, public) that segments of Secrets are encrypted to. Whoever writes backups needs no more than these.",
        }),
      identities: secretList({
        description:
          "Age identities (`AGE-SECRET-KEY-1…`, private) to read encrypted segments with; only where Secrets are read, never where backups are made. Best written as `${file:/path}`.",
      }),
    }),
  )
  .prefault({})
  .meta({ description: "Encryption of Secrets with age." });

/** `signing`: who signs manifests, and whose signatures are believed. */
export const signingSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      key: secret({
        description:
          "Ed25519 private key (PEM, PKCS 8) that manifests are signed with. Best written as `${file:/path}`. Left out: manifests are not signed.",
      }).exactOptional(),
      trusted: z.array(z.string().min(1, "must not be empty"), "expected a list of public keys").prefault([]).meta({
        description:
          "Ed25519 public keys (PEM, or the base64 inside it) whose signatures are believed. With any, or with `key`, snapshots that none of them signed are refused.",
      }),
      unsignedUntil: whole(
        { min: 0, max: 9_999_999_999 },
        {
          description: "Snapshots up to this number may be unsigned: those taken before signing was switched on.",
        },
      ).prefault(0),
    }),
  )
  .prefault({})
  .meta({ description: "Signatures under manifests." });
