import type { Message } from "../../message.ts";

/** Slack refuses a message whose section, or whose heading, is longer; lengths count UTF-16 units. */
const MAX_SECTION = 3_000;
const MAX_HEADING = 150;
/** Slack takes 50 blocks: what is left is for heading, link and origin. */
const MAX_SECTIONS = 45;

/**
 * A message as Slack takes it: blocks, and `text` for notifications and for what knows no blocks (Mattermost).
 * @see Slack, "Reference: blocks" (limits) and "Formatting text" (what is escaped)
 */
export function slackPayload(message: Message, channel: string | undefined): object {
  const { title, text, link } = message;
  const lines = [escaped(text), ...(link === null ? [] : [linkTo(link)]), escaped(originOf(message))];
  return {
    ...(channel === undefined ? {} : { channel }),
    text: [`*${escaped(title)}*`, ...lines].filter((line) => line !== "").join("\n"),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, MAX_HEADING), emoji: false } },
      ...sections(escaped(text)).map(section),
      ...(link === null ? [] : [section(linkTo(link))]),
      { type: "context", elements: [markdown(escaped(originOf(message)))] },
    ],
  };
}

function originOf({ component, target, runId, traceId, time }: Message): string {
  const ids = [runId === "" ? "" : `run ${runId}`, traceId === "" ? "" : `trace ${traceId}`];
  return [`${component} ${target}`, ...ids, time].filter((part) => part !== "").join(" · ");
}

/** The three characters that mean something; `<!channel>` in an object's name rings nobody. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** In a link a bar ends the address. */
function linkTo(link: string): string {
  return `<${escaped(link).replaceAll("|", "%7C")}>`;
}

function section(text: string): object {
  return { type: "section", text: markdown(text) };
}

/** Verbatim: Slack is not to look for addresses, channels and people in it. */
function markdown(text: string): object {
  return { type: "mrkdwn", text, verbatim: true };
}

/** The text in pieces of whole lines where they fit, and never cut inside of an escape. */
function sections(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let rest = text; rest !== "" && pieces.length < MAX_SECTIONS; ) {
    const piece = pieceOf(rest);
    pieces.push(piece);
    rest = rest.slice(piece.length).replace(/^\n/, "");
  }
  return pieces.filter((piece) => piece.trim() !== "");
}

function pieceOf(text: string): string {
  if (text.length <= MAX_SECTION) return text;
  const head = text.slice(0, MAX_SECTION);
  const lineEnd = head.lastIndexOf("\n");
  if (lineEnd > 0) return head.slice(0, lineEnd);
  // An escape is at most five characters, a character at most two units.
  return head.replace(/&[a-z]{0,3}$/, "").replace(/[\uD800-\uDBFF]$/, "");
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
