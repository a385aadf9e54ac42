/** Cuts a title to the host's limit, with "…" at its end. Never cuts a character in two. */
export function fitTitle(title: string, limit: number): string {
  const line = title.replace(/\s+/g, " ").trim();
  return line.length <= limit ? line : `${sliceWhole(line, limit - 1).trimEnd()}…`;
}

/**
 * Cuts a text to the host's limit at the end of a line, and says so in a last line. A code block that the cut left
 * open is closed first.
 */
export function fitBody(body: string, limit: number): string {
  if (body.length <= limit) return body;
  const kept = wholeLines(sliceWhole(body, limit - ROOM_FOR_NOTICE));
  const lines = body
    .slice(kept.length)
    .split("\n")
    .filter((line) => line.trim() !== "").length;
  const fence = openFence(kept);
  const closing = fence === undefined ? "" : `\n${fence.mark}`;
  const notice = `_Cut here: this host takes texts of ${limit} characters; ${lines} more lines are not shown._`;
  return `${kept.trimEnd()}${closing}\n\n${notice}\n`;
}

// The notice with the largest numbers, the closing of a code block, and the line ends between them.
const ROOM_FOR_NOTICE = 140;

/** The beginning of a text; no character is cut in two. */
export function sliceWhole(text: string, length: number): string {
  const cut = text.slice(0, Math.max(0, length));
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** A text up to its last end of a line; whole when it is one line. */
export function wholeLines(text: string): string {
  const end = text.lastIndexOf("\n");
  return end <= 0 ? text : text.slice(0, end);
}

/** The code block that a text ends in: the mark that closes it, and the line that opens it (its first 60 characters). */
export function openFence(text: string): { readonly mark: string; readonly line: string } | undefined {
  const fences = text.split("\n").flatMap((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    return mark === undefined ? [] : [{ mark, line: sliceWhole(line, 60) }];
  });
  return fences.length % 2 === 0 ? undefined : fences.at(-1);
}
