import { inspect } from "node:util";

/** A value that never prints: logs, messages, JSON and `inspect` show `***`. Only `reveal()` at the point of use gives it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The clear value; call it only where it is handed to the server it is meant for. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}
