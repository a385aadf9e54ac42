const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Turns the first SIGTERM or SIGINT into an abort; a second one ends the process at once, as people expect. */
export function stopSignal(): { signal: AbortSignal; stoppedBy: () => NodeJS.Signals | undefined; close: () => void } {
  const controller = new AbortController();
  const state: { by: NodeJS.Signals | undefined } = { by: undefined };
  const onSignal = (name: NodeJS.Signals): void => {
    state.by = name;
    close();
    controller.abort();
  };
  const close = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, stoppedBy: () => state.by, close };
}
