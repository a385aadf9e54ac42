/**
 * Waits for work that knows no signal, or that others wait for too.
 * @throws the signal's reason at once when that stops first; the work goes on
 */
export async function stoppedBy<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const stop = Promise.withResolvers<never>();
  const onAbort = () => stop.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, stop.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
