import type { SettingsOf } from "../../channel-settings.ts";
import type { Message } from "../../message.ts";

/** A mail as nodemailer takes it. */
export interface Mail {
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly date: Date;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A message as a mail: text, the same as simple HTML, and the header that keeps absence notes from answering it
 * (RFC 3834). Subject, ids and addresses hold no line end, so nothing in them can become a header.
 */
export function mailOf(message: Message, { from, to }: Pick<SettingsOf<"email">, "from" | "to">): Mail {
  const { id, title, text, link, time } = message;
  const facts = factsOf(message);
  return {
    from,
    to: [...to],
    subject: title,
    text: [text, ...(link === null ? [] : [link]), facts.join("\n")].filter((part) => part !== "").join("\n\n"),
    html: `<p>${lines(text)}</p>${link === null ? "" : linkTo(link)}<p style="color:#666">${lines(facts.join("\n"))}</p>`,
    date: new Date(time),
    messageId: `<${id.replace(/[^A-Za-z0-9.-]/g, "-")}@${domainOf(from)}>`,
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

function factsOf({ event, component, target, runId, traceId }: Message): readonly string[] {
  return [
    `${component} ${target}: ${event}`,
    ...(runId === "" ? [] : [`run ${runId}`]),
    ...(traceId === "" ? [] : [`trace ${traceId}`]),
  ];
}

/** "example.com" of "Backups <k@example.com>". */
function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(address)?.[1] ?? "kubeferry.invalid";
}

function lines(text: string): string {
  return escaped(text).replaceAll("\n", "<br>");
}

/** Only an address of the web is one to click on. */
function linkTo(link: string): string {
  if (!/^https?:\/\//.test(link)) return `<p>${escaped(link)}</p>`;
  return `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
