/**
 * Settles with the work, or with the signal's reason as soon as that is aborted: also where a library does not hear the
 * signal, such as undici before there is a connection. The work goes on: others may wait for it too.
 */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => undefined); // its end interests nobody any more
  }
}
