import { redactText } from "@kubeferry/telemetry";

/** More are counted: the log has them. */
const SHOWN = 3;

/** The first problems, one a line, and how many more there are. */
export function problemLines(problems: readonly string[]): readonly string[] {
  const more = problems.length - SHOWN;
  return [...problems.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `- ${inOneLine(line)}`);
}

/** A stranger's name may hold a line end: what is one line of a message stays one. A secret of several lines goes first. */
export function inOneLine(text: string): string {
  return redactText(text).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

/** "1 object", "3 objects". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
