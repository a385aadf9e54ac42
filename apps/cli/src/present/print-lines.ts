import type { MarkedLine } from "@kubeferry/recovery";
import { withoutControls } from "./print.ts";

/** Whether output is coloured. */
export type ColorChoice = "auto" | "always" | "never";

const PAINT: Readonly<Record<Exclude<MarkedLine["mark"], "plain">, string>> = {
  added: "\u001b[32m",
  removed: "\u001b[31m",
  changed: "\u001b[33m",
  heading: "\u001b[1m",
};
const END = "\u001b[0m";

/** Writes lines to stdout as they come. Names and values are strangers': only the colours are escape sequences. */
export async function printLines(
  lines: AsyncIterable<MarkedLine> | Iterable<MarkedLine>,
  color: ColorChoice,
): Promise<void> {
  const painted = isPainted(color);
  for await (const { mark, text } of lines) {
    const shown = withoutControls(text).replaceAll("\n", "\\u000a");
    await write(painted && mark !== "plain" ? `${PAINT[mark]}${shown}${END}\n` : `${shown}\n`);
  }
}

/** Writes one document that comes in pieces. */
export async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) await write(process.stdout.isTTY ? withoutControls(piece) : piece);
}

/** @see https://no-color.org: any value that is not empty */
function isPainted(color: ColorChoice): boolean {
  if (color !== "auto") return color === "always";
  return process.stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "";
}

/** Waits until the reader has taken it: a long diff is not gathered in memory. A reader that has gone is no error. */
async function write(text: string): Promise<void> {
  if (process.stdout.write(text) || process.stdout.destroyed) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      process.stdout.off("drain", go).off("close", go).off("error", go);
      resolve();
    };
    process.stdout.on("drain", go).on("close", go).on("error", go);
  });
}
