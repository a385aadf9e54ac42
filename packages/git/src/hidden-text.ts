import { inspect } from "node:util";

/**
 * A text that is whole where it is converted to a string, as `spawn` does with environment values, and `***` where it
 * is inspected: with `DEBUG=*` simple-git prints the options of every spawn.
 * @returns typed as the string that it stands for, since environments are typed to hold strings only
 */
export function hiddenText(clear: string): string {
  return new HiddenText(clear) as unknown as string;
}

class HiddenText {
  readonly #clear: string;

  constructor(clear: string) {
    this.#clear = clear;
  }

  toString(): string {
    return this.#clear;
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}
