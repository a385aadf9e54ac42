import { z } from "zod";

/** Longer titles are cut: a subject line, a heading. */
const MAX_TITLE = 150;
/** Longer texts are cut: whoever reads a message looks at the log for the rest. */
const MAX_TEXT = 4_000;

const nothing = (description: string) => z.string().nullable().meta({ description });

/** What a channel is given to send, and, as JSON, what the channel `webhook` posts. */
export const Message = z
  .strictObject({
    format: z.literal(1).meta({ description: "Of this document." }),
    id: z.string().meta({ description: "Of this message: equal in repeated tries, and in no other message." }),
    time: z.string().meta({ description: "When it was written: RFC 3339, UTC." }),
    event: z.enum(["success", "failure", "partial", "drift", "recovered", "escalated", "test"]).meta({
      description:
        "`success`, `partial`: a run ended, the second with failures. `failure`: one could not be done. `drift`: a cluster differs from what it should be. `recovered`: the first good run after others that were told. `escalated`: a failure that is the configured number of them in a row. `test`: `kubeferry notify test`.",
    }),
    component: z
      .enum(["backup", "gitops", "drift", "drill", "prune"])
      .meta({ description: "What ran; `drill` is a rehearsed restore, `prune` is retention." }),
    target: z.string().meta({ description: "The cluster, `crc.testing/wrl62`; of `gitops` the repository." }),
    title: z.string().meta({ description: "One line." }),
    text: z.string().meta({ description: "What happened, what went wrong and what to do next; several lines." }),
    link: nothing("Where to look, such as a pull request."),
    runId: z.string().meta({ description: "As `run_id` in the log." }),
    traceId: z.string().meta({ description: "As `trace_id` in the log; empty where there is none." }),
    failuresInARow: z.number().int().nonnegative().meta({
      description: "Runs in a row that could not be done; of `recovered`: before this one.",
    }),
    failingSince: nothing("When the first of them ended: RFC 3339, UTC."),
  })
  .meta({ title: "A notification of kubeferry" });

/** A message on its way to people; its texts are short, redacted, and one line each where they are to be. */
export type Message = Readonly<z.output<typeof Message>>;

/** JSON Schema of what the channel `webhook` posts. */
export function notificationJsonSchema(): object {
  return z.toJSONSchema(Message, { target: "draft-2020-12" });
}

/** The title as one line that fits a subject: no message ends in somebody else's header. */
export function oneLine(text: string): string {
  return shortened(
    unturned(text)
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
      .trim(),
    MAX_TITLE,
  );
}

/** A text that fits a message; of control characters only line ends stay. */
export function someLines(text: string): string {
  const lines = unturned(text)
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, "\n")
    .replace(/[^\P{Cc}\n]/gu, " ");
  return shortened(lines.trim(), MAX_TEXT);
}

/** Without the characters with which a stranger's name would turn the order of what stands behind it. */
function unturned(text: string): string {
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Cut between two characters, never inside of one. */
function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
