import type { Log } from "@kubeferry/model";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** How a process is told to stop. */
export interface Stopping {
  /** Aborted by the first SIGTERM or SIGINT: no more work is taken. */
  readonly signal: AbortSignal;
  /** Aborted so long after it, or by a second signal: what is still in flight is left. */
  readonly deadline: AbortSignal;
  /** The first signal, once there was one. */
  stoppedBy(): NodeJS.Signals | undefined;
  /** Listens no more. */
  close(): void;
}

/**
 * Listens for SIGTERM and SIGINT: the first asks to stop, the second is in a hurry, a third ends the process as if nobody
 * listened.
 * @param timeoutMs from the first one to the deadline
 */
export function listenForStop(timeoutMs: number, log: Log): Stopping {
  const soft = new AbortController();
  const hard = new AbortController();
  const state: { by?: NodeJS.Signals; timer?: NodeJS.Timeout } = {};

  const onSignal = (name: NodeJS.Signals): void => {
    if (state.by === undefined) stop(name);
    else leave();
  };

  function stop(signal: NodeJS.Signals): void {
    state.by = signal;
    log.info("told to stop, in-flight work is finished", { operation: "shutdown", data: { signal, timeoutMs } });
    state.timer = setTimeout(leave, timeoutMs);
    soft.abort();
  }

  function leave(): void {
    log.warn("in-flight work is left", { operation: "shutdown", data: { signal: state.by, timeoutMs } });
    close();
    hard.abort();
  }

  function close(): void {
    clearTimeout(state.timer);
    for (const name of SIGNALS) process.off(name, onSignal);
  }

  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: soft.signal, deadline: hard.signal, stoppedBy: () => state.by, close };
}
