import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";

/** Lets lists be read at the same time, as many as the server can take. */
export interface ListTurns {
  /** Waits until one more page may be asked for; rejects at once with the signal's reason. */
  take(call: Call): Promise<ListTurn>;
}

/** The right to read one page. */
export interface ListTurn {
  /** Gives it back; only the first call counts. `error`: what the page ended with, if it did not end well. */
  end(error?: unknown): void;
}

/** So many pages in a row without a refusal let one more list in. */
const PAGES_TO_GROW = 10;

/**
 * Makes the turns of one server: at first `max` at once, half as many after the server has said that it is too much
 * (429, 504), one more after ten pages that went well. Halved once for all pages that were on their way together.
 */
export function createListTurns(max: number): ListTurns {
  const waiting = new Set<() => void>();
  let limit = max;
  let taken = 0;
  let goodPages = 0;
  let refusals = 0;

  function admit(): void {
    for (const go of waiting) {
      if (taken >= limit) return;
      waiting.delete(go);
      taken++;
      go();
    }
  }

  function note(error: unknown, refusalsBefore: number, call: Call): void {
    if (isTooMuch(error)) {
      goodPages = 0;
      // The others that were refused with it say nothing new.
      if (refusals !== refusalsBefore) return;
      refusals++;
      limit = Math.max(1, Math.floor(limit / 2));
      call.log.info("fewer lists at once", { operation: "api_pressure", lists: limit });
    } else if (error === undefined && limit < max && ++goodPages >= PAGES_TO_GROW) {
      goodPages = 0;
      limit++;
    }
  }

  return {
    async take(call) {
      call.signal.throwIfAborted();
      await inLine(waiting, admit, call.signal);
      const refusalsBefore = refusals;
      let held = true;
      return {
        end(error) {
          if (!held) return;
          held = false;
          taken--;
          note(error, refusalsBefore, call);
          admit();
        },
      };
    },
  };
}

function inLine(waiting: Set<() => void>, admit: () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      waiting.delete(go);
      reject(signal.reason);
    };
    const go = () => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
    waiting.add(go);
    admit();
  });
}

function isTooMuch(error: unknown): boolean {
  return error instanceof KubeError && (error.kind === "rate-limited" || error.status === 504);
}
