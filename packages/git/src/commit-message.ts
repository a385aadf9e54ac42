import { GitError } from "./git-error.ts";

/** A commit's message in its parts. */
export interface CommitMessage {
  /** One line. */
  readonly subject: string;
  /** May be "". */
  readonly body: string;
  /** What programs read again: "Kubeferry-Snapshot" → "crc.testing/wrl62/default/42". One line each. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** What stands below it is no trailer for git, and what stands above it may be one. */
const CUT_LINE = /^. -{24} >8 -{24}$/m;

/**
 * Writes the message as git stores it: subject, body and trailers, with one empty line between them.
 * @throws GitError "invalid" for a subject, body or trailer that git would read back as something else
 */
export function formatMessage(message: CommitMessage): string {
  const subject = oneLine("subject", message.subject);
  if (subject === "") throw invalid("the subject is empty");
  if (message.body.includes("\0")) throw invalid("the body holds a NUL character");
  if (CUT_LINE.test(message.body)) throw invalid("the body holds the line at which git stops reading (>8)");
  const trailers = Object.entries(message.trailers).map(([key, value]) => trailer(key, value));
  return `${[subject, message.body.trim(), trailers.join("\n")].filter((part) => part !== "").join("\n\n")}\n`;
}

function trailer(key: string, value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key)) throw invalid(`${JSON.stringify(key)} is no name for a trailer`);
  return `${key}: ${oneLine(`trailer ${key}`, value)}`;
}

function oneLine(what: string, text: string): string {
  if (/\p{Cc}/u.test(text)) throw invalid(`the ${what} has more than one line, or a control character`);
  return text.trim();
}

function invalid(problem: string): GitError {
  return new GitError({ kind: "invalid", who: "git", operation: "write commit message", problem });
}
