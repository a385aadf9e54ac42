import type { Call } from "@kubeferry/model";
import { PlatformError } from "../platform-error.ts";

/** What went wrong beside a request, which is as good without it. */
export interface Warnings {
  readonly texts: readonly string[];
  add(text: string): void;
  /**
   * Does something that may fail.
   * @param what for people: "label the request"
   * @returns undefined when it failed, with a warning
   * @throws the signal's reason when the call was aborted
   */
  unless<T>(what: string, act: () => Promise<T>): Promise<T | undefined>;
}

/** Keeps them, and logs each at once. */
export function createWarnings(host: string, call: Call): Warnings {
  const texts: string[] = [];
  const add = (text: string) => {
    texts.push(text);
    call.log.warn("the pull request is not quite as it was asked for", {
      operation: "host_request",
      host,
      problem: text,
    });
  };
  return {
    texts,
    add,
    async unless(what, act) {
      try {
        return await act();
      } catch (error) {
        call.signal.throwIfAborted();
        if (!(error instanceof PlatformError)) throw error;
        add(`could not ${what}: ${error.message}`);
        return undefined;
      }
    },
  };
}
