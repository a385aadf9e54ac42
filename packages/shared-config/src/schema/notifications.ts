import { z } from "zod";
import { choice, duration, emptySection, filePath, flag, secret, text, textLike, textList, whole } from "./values.ts";

const EVENTS = ["success", "failure", "partial", "drift", "recovered"] as const;

const common = {
  name: textLike(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and '-'", {
    description: "What logs and metrics call it.",
  }),
  on: z
    .array(choice(EVENTS, { description: "An event." }), 'expected a list, such as ["failure", "recovered"]')
    .prefault(["failure", "partial", "drift", "recovered"])
    .meta({
      description:
        "What is sent: `success` and `partial` of each run, `failure` of one that could not be done, `drift` when a cluster differs from what it should be, `recovered` for the first good run after others.",
    }),
  escalation: flag({
    description: "Whether only what escalates is sent here: the `escalateAfter`-th failure in a row, and its end.",
  }).prefault(false),
};

const slack = z.strictObject({
  ...common,
  type: choice(["slack"], { description: "An incoming webhook of Slack, or of Mattermost." }),
  url: secret({ description: "The webhook's URL: whoever knows it can write there." }),
  channel: text({
    description: "The channel, where the webhook may choose one: `#backup-notifications`.",
  }).exactOptional(),
});

const webhook = z.strictObject({
  ...common,
  type: choice(["webhook"], { description: "Any receiver of JSON; the body's schema is published." }),
  url: secret({ description: "Where it is posted to." }),
  key: secret({
    description: "Signs the call as the backup-complete call is signed: `whsec_<base64>`.",
  }).exactOptional(),
});

const email = z.strictObject({
  ...common,
  type: choice(["email"], { description: "Mail through an SMTP server." }),
  host: text({ description: "The SMTP server." }),
  port: whole({ min: 1, max: 65_535 }, { description: "Its port; 465 begins with TLS." }).prefault(587),
  tls: choice(["required", "none"], {
    description:
      "`required`: nothing is sent without TLS (STARTTLS, or from the start on port 465). `none`: for a relay on this machine.",
  }).prefault("required"),
  caFile: filePath({
    description: "Authorities its certificate is checked against, beside `network.caFile`.",
  }).exactOptional(),
  username: text({ description: "For a server that wants a login." }).exactOptional(),
  password: secret({ description: "For a server that wants a login." }).exactOptional(),
  from: text({ description: "The sender's address." }),
  to: textList({ description: "Who gets it." }),
});

/** `notifications`: who is told, and of what. */
export const notificationsSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      enabled: flag({ description: "Whether anything is sent." }).prefault(false),
      channels: z
        .array(z.discriminatedUnion("type", [slack, webhook, email]), "expected a list of channels")
        .prefault([])
        .meta({
          description: "Where it is sent to. A channel that fails is a warning, and the run is not worse for it.",
        }),
      escalateAfter: whole(
        { min: 1, max: 1000 },
        { description: "Failures in a row after which channels with `escalation` are told too." },
      ).prefault(3),
      repeatAfter: duration(
        { min: "1m", max: "30d" },
        { description: "The same bad news is told again only after this time." },
      ).prefault("24h"),
      timeout: duration({ min: "100ms", max: "5m" }, { description: "How long one channel may take." }).prefault("10s"),
    }),
  )
  .prefault({})
  .meta({ description: "Who is told of runs that failed, or did not." });
