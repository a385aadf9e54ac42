import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { InitError } from "./init-error.ts";

/** Somebody who answers questions. */
export interface Ask {
  /** @returns what was typed, without blanks around it; `otherwise` for an empty line */
  text(question: string, otherwise: string): Promise<string>;
  /** Asks until the answer is one of the words; the first one is the answer of an empty line. */
  choice<const Words extends readonly [string, ...string[]]>(question: string, words: Words): Promise<Words[number]>;
}

/**
 * Asks the person at a terminal.
 * @returns `close` gives the terminal back
 */
export function askOn(input: Readable, output: Writable): Ask & { close(): void } {
  const lines = createInterface({ input, output });
  const gone = new AbortController();
  lines.once("close", () => gone.abort());

  async function question(text: string): Promise<string> {
    try {
      return (await lines.question(text, { signal: gone.signal })).trim();
    } catch (cause) {
      if (!gone.signal.aborted) throw cause;
      const operation = "ask what to configure";
      throw new InitError({
        kind: "stopped",
        who: "init",
        operation,
        problem: "there were no more answers, and nothing was written",
        next: "run it again, or give flags and --yes",
        cause,
      });
    }
  }

  return {
    async text(asked, otherwise) {
      const answer = await question(otherwise === "" ? `${asked}: ` : `${asked} [${otherwise}]: `);
      return answer === "" ? otherwise : answer;
    },
    async choice(asked, words) {
      for (;;) {
        const answer = (await question(`${asked} (${words.join(", ")}) [${words[0]}]: `)).toLowerCase();
        if (answer === "") return words[0];
        const word = words.find((each) => each === answer) ?? onlyBeginning(answer, words);
        if (word !== undefined) return word;
        output.write(`Answer one of: ${words.join(", ")}.\n`);
      }
    },
    close: () => lines.close(),
  };
}

/** "y" for "yes". */
function onlyBeginning(answer: string, words: readonly string[]): string | undefined {
  const beginning = words.filter((word) => word.startsWith(answer));
  return beginning.length === 1 ? beginning[0] : undefined;
}
