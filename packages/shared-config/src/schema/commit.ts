import { z } from "zod";
import { templateLine, templateText } from "./template-text.ts";
import { choice, emptySection, filePath, secret, text, textLike } from "./values.ts";

// git takes marks and spaces off both ends of either, and refuses a name of nothing else. A run knows its own commits by
// the address, which therefore has to be one that git leaves as it is.
const NAME = /^(?=.*[^\s.,:;"'\\<>])[^<>\p{Cc}]+$/u;
const EMAIL = /^(?![.,:;"'\\])[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]*[^\s<>@\p{Cc}.,:;"'\\]$/u;

const author = z
  .preprocess(
    emptySection,
    z.strictObject({
      name: textLike(NAME, "a name with a letter or a digit, without < and >", {
        description: "Whom the commits are by.",
      }).prefault("kubeferry"),
      email: textLike(EMAIL, "an email address", {
        description:
          "Their address. A signature counts as verified on a host where this address belongs to the key's user.",
      }).prefault("kubeferry@localhost"),
    }),
  )
  .prefault({})
  .meta({ description: "Author and committer." });

const signing = z
  .strictObject({
    format: choice(["ssh", "gpg"], {
      description: "`ssh`: an SSH key signs. `gpg`: an OpenPGP key, with the gpg program.",
    }),
    keyFile: filePath({
      description: "The private key: OpenSSH's format, or OpenPGP's (armoured or binary).",
    }).exactOptional(),
    key: secret({ description: "The key itself, instead of `keyFile`." }).exactOptional(),
    passphrase: secret({ description: "What the private key is encrypted with." }).exactOptional(),
  })
  .refine(({ keyFile, key }) => (keyFile === undefined) !== (key === undefined), {
    path: ["keyFile"],
    message: "expected either keyFile or key",
  })
  .meta({ description: "Signs every commit. Left out: commits are not signed." });

/** `gitops.commit`: what commits look like. */
export const commitSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      author,
      subject: templateLine(["title", "clusters", "snapshots", "base", "part"], {
        description: "The first line.",
      }).prefault("{title}"),
      body: templateText(["summary", "title", "clusters", "snapshots", "base", "part"], {
        description: "What follows it; `{summary}` counts the changes of each folder.",
      }).prefault("{summary}"),
      trailers: z
        .record(
          z
            .string()
            .regex(/^(?!kubeferry-)[A-Za-z][A-Za-z0-9-]*$/i, 'expected a name such as "Ticket", and none of ours'),
          text({ description: "One line." }).refine((value) => !/\p{Cc}/u.test(value), "expected one line"),
        )
        .prefault({})
        .meta({ description: "Lines at the end of each message, beside our own: `Ticket: OPS-7`." }),
      signing: signing.exactOptional(),
    }),
  )
  .prefault({})
  .meta({ description: "The commits: author, message, signature." });
