import { type Call, orAborted } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import type { KeySource, Keys } from "./keys.ts";

/** New keys are asked for when the old ones have this long to live, so that no request goes out with dead ones. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** After a refusal new keys are asked for at most this often: what is refused for want of a right stays refused. */
const ASK_AGAIN_AFTER_MS = 60_000;

/** Asks for keys once. @throws StorageError "denied", "unavailable" */
export type Lender = (call: Call) => Promise<Keys>;

/**
 * Keys that are lent for a while: kept until shortly before they end, and asked for once at a time, however many
 * requests wait for them. While the old ones live, a lender that does not answer stops nobody.
 */
export function lentKeys(description: string, lend: Lender, now: () => number): KeySource {
  const state: { keys?: Keys; askedAtMs: number; asking?: Promise<Keys> } = { askedAtMs: Number.NEGATIVE_INFINITY };
  const ask = (call: Call): Promise<Keys> => {
    // Many wait for one answer: that one of them stops must not stop the others.
    state.asking ??= lend({ ...call, signal: new AbortController().signal })
      .then((keys) => {
        state.keys = keys;
        state.askedAtMs = now();
        return keys;
      })
      .finally(() => delete state.asking);
    return orAborted(state.asking, call.signal);
  };
  const livesFor = (keys: Keys): number => (keys.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - now();
  return {
    description,
    async current(call) {
      const { keys } = state;
      if (keys === undefined || livesFor(keys) <= 0) return ask(call);
      if (livesFor(keys) > RENEW_BEFORE_MS || now() - state.askedAtMs < ASK_AGAIN_AFTER_MS) return keys;
      return ask(call).catch((error: unknown) => {
        if (!(error instanceof StorageError)) throw error;
        state.askedAtMs = now();
        call.log.warn("keys of the object store could not be renewed yet", { kind: error.kind, error: error.message });
        return keys;
      });
    },
    async renewed(refused, call) {
      if (state.keys !== undefined && state.keys !== refused) return true;
      if (now() - state.askedAtMs < ASK_AGAIN_AFTER_MS) return false;
      return (await ask(call)) !== refused;
    },
  };
}
