import { type Edit, lineEdits } from "./line-edits.ts";

/** Lines around a change that stay the same. */
const CONTEXT = 3;

/** The hunks of a unified diff of two texts, each ended by a line feed; "" when they are the same. */
export function hunks(before: string, after: string): string {
  const edits = lineEdits(linesOf(before), linesOf(after));
  const shown = near(edits);
  const parts: string[] = [];
  let at = { before: 0, after: 0 };
  for (let index = 0; index < edits.length; ) {
    const end = endOfRun(shown, index);
    const run = edits.slice(index, end);
    if (shown[index] === true) parts.push(hunk(run, at));
    at = { before: at.before + count(run, "-"), after: at.after + count(run, "+") };
    index = end;
  }
  return parts.join("");
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** Which lines stand near a change. */
function near(edits: readonly Edit[]): readonly boolean[] {
  const shown = edits.map(() => false);
  for (const [index, { mark }] of edits.entries()) {
    if (mark === " ") continue;
    shown.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  }
  return shown;
}

function endOfRun(shown: readonly boolean[], from: number): number {
  const end = shown.indexOf(shown[from] !== true, from);
  return end < 0 ? shown.length : end;
}

function hunk(run: readonly Edit[], at: { readonly before: number; readonly after: number }): string {
  const range = (start: number, length: number) => `${length === 0 ? start : start + 1},${length}`;
  const head = `@@ -${range(at.before, count(run, "-"))} +${range(at.after, count(run, "+"))} @@`;
  return [head, ...run.map(({ mark, line }) => `${mark}${line}`)].map((line) => `${line}\n`).join("");
}

/** Lines of one of the two texts. */
function count(run: readonly Edit[], mark: "-" | "+"): number {
  return run.filter((edit) => edit.mark === " " || edit.mark === mark).length;
}
