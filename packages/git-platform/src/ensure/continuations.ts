import type { Call } from "@kubeferry/model";
import type { Comment, PullRequest } from "../platform.ts";
import { sameText } from "../split-text.ts";
import type { PreparedHost } from "./wish.ts";

const OURS = /^_Continued from the text above( \(\d+ of \d+\)|: nothing here any more\.)_/;
const EMPTIED = "_Continued from the text above: nothing here any more._\n";

/**
 * Has the rest of a text stand in comments of ours, one a part, in order. Those that are there are changed where they
 * differ; those that are not needed any more are emptied, and used again by a longer text. Comments of others are never
 * touched, whatever their first line says; where the host does not tell who we are, that line is all there is to go by.
 * @returns whether anything was written
 */
export async function syncContinuations(
  { platform, info }: PreparedHost,
  open: PullRequest,
  rest: readonly string[],
  call: Call,
): Promise<boolean> {
  const ours: Comment[] = [];
  for await (const comment of platform.listComments(open, call)) {
    if (OURS.test(comment.text) && isFrom(info.user, comment)) ours.push(comment);
  }
  const written = { any: false };
  for (const [index, comment] of ours.entries()) {
    const text = heading(rest, index) ?? EMPTIED;
    if (sameText(comment.text, text)) continue;
    await platform.updateComment(open, comment, text, call);
    written.any = true;
  }
  for (const index of rest.keys()) {
    const text = heading(rest, index);
    if (index < ours.length || text === undefined) continue;
    await platform.comment(open, text, call);
    written.any = true;
  }
  return written.any;
}

function heading(rest: readonly string[], index: number): string | undefined {
  const part = rest[index];
  return part === undefined
    ? undefined
    : `_Continued from the text above (${index + 2} of ${rest.length + 1})_\n\n${part}`;
}

function isFrom(user: string | undefined, { author }: Comment): boolean {
  return user === undefined || author === user;
}
