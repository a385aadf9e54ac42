import { Secret } from "@kubeferry/model";
import { z } from "zod";
import {
  asPartial,
  choice,
  duration,
  EVEN_WHEN_INVALID,
  emptySection,
  filePath,
  flag,
  secret,
  text,
  textList,
  whole,
} from "./values.ts";

const CHANNEL_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const CHANNEL_EXPECTED = "expected a name of lower-case letters, digits and '-'";

const EVENTS = ["success", "failure", "partial", "drift", "recovered"] as const;

const common = {
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
  type: z.literal("slack").meta({ description: "An incoming webhook of Slack, or of Mattermost." }),
  url: secret({ description: "The webhook's URL: whoever knows it can write there." }),
  channel: text({
    description: "The channel, where the webhook may choose one: `#backup-notifications`.",
  }).exactOptional(),
});

const webhook = z.strictObject({
  ...common,
  type: z.literal("webhook").meta({ description: "Any receiver of JSON; the body's schema is published." }),
  url: secret({ description: "Where it is posted to." }),
  key: secret({
    description: "Signs the call as the backup-complete call is signed: `whsec_<base64>`.",
  }).exactOptional(),
});

const email = z.strictObject({
  ...common,
  type: z.literal("email").meta({ description: "Mail through an SMTP server." }),
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
  to: textList({ description: "Who gets it." }).refine((to) => to.length > 0, "missing: somebody has to get it"),
});

const channel = z
  .discriminatedUnion("type", [slack, webhook, email])
  .meta({ description: "One place to tell: what logs and metrics call it, and what it is." });

/** `notifications`: who is told, and of what. */
export const notificationsSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      enabled: flag({ description: "Whether anything is sent." }).prefault(false),
      channels: z
        .preprocess(emptySection, z.record(z.string().regex(CHANNEL_NAME, CHANNEL_EXPECTED), channel))
        .prefault({})
        .meta({
          description:
            "Where it is sent to, each by a name of your own. A channel that fails is a warning, and the run is not worse for it.",
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
  .superRefine((value, context) => {
    const { enabled, channels } = asPartial(value);
    const refuse = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: ["channels", ...path], message });
    const named = Object.entries(asPartial(channels));
    if (enabled === true && named.length === 0) refuse([], "missing: enabled is true, and there is nobody to tell");
    for (const [name, one] of named) {
      for (const [key, problem] of problemsOf(asPartial(one))) refuse([name, key], problem);
    }
  }, EVEN_WHEN_INVALID)
  .transform(({ repeatAfter, timeout, ...rest }) => ({ ...rest, repeatAfterMs: repeatAfter, timeoutMs: timeout }))
  .prefault({})
  .meta({ description: "Who is told of runs that failed, or did not." });

function* problemsOf(channel: Readonly<Record<string, unknown>>): Generator<readonly [key: string, problem: string]> {
  const { url, key, tls, username, password } = channel;
  if (url instanceof Secret && !/^https?:\/\/[^\s/]/.test(url.reveal())) yield ["url", "expected a URL, https://…"];
  if (key instanceof Secret && !/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(key.reveal()))
    yield ["key", "expected whsec_<base64> of 24 to 64 bytes"];
  if ((username === undefined) !== (password === undefined))
    yield ["username", "expected username and password together"];
  if (tls === "none" && password !== undefined) yield ["tls", "a password is not sent without TLS; drop one of them"];
}
