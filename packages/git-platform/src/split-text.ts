import { openFence, sliceWhole, wholeLines } from "./fit-text.ts";
import type { GitPlatform } from "./platform.ts";

/** A text in the parts that a host takes. */
export interface LongText {
  readonly first: string;
  /** For comments, in order; empty when the first part is all. */
  readonly rest: readonly string[];
}

/** More comments than this nobody reads. */
const MOST_COMMENTS = 5;

/** The notice at the end of a part with the largest numbers, or the heading of a comment, and a fence on either side. */
const ROOM = 240;

/**
 * Divides a text at ends of lines by the host's limits for a request's text and for comments. A code block that a
 * division falls into is closed before and opened again after it. What does not go into five comments is left out, and
 * counted in the last line.
 */
export function splitText(
  text: string,
  { bodyLength, commentLength }: Pick<GitPlatform["limits"], "bodyLength" | "commentLength">,
): LongText {
  if (text.length <= bodyLength) return { first: text, rest: [] };
  const head = cut(text, bodyLength - ROOM);
  const rest: string[] = [];
  let left = head.left;
  while (left !== "" && rest.length < MOST_COMMENTS) {
    const part = left.length <= commentLength - ROOM ? { kept: left, left: "" } : cut(left, commentLength - ROOM);
    rest.push(part.kept);
    left = part.left;
  }
  const unseen = left.split("\n").filter((line) => line.trim() !== "").length;
  if (unseen > 0) rest.push(`${rest.pop()?.trimEnd()}\n\n_Cut here: ${unseen} more lines are not shown._\n`);
  const where = rest.length === 1 ? "a comment below" : `${rest.length} comments below`;
  return { first: `${head.kept.trimEnd()}\n\n_Continued in ${where}._\n`, rest };
}

/** Whether a host has a text as it was written: hosts write line ends their own way and drop those at the end. */
export function sameText(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

function comparable(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}

function cut(text: string, length: number): { readonly kept: string; readonly left: string } {
  const kept = wholeLines(sliceWhole(text, length));
  const left = text.slice(kept.length).replace(/^\n+/, "");
  const fence = openFence(kept);
  if (fence === undefined) return { kept: `${kept.trimEnd()}\n`, left };
  return { kept: `${kept.trimEnd()}\n${fence.mark}\n`, left: `${fence.line}\n${left}` };
}
