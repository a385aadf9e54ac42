import { type Call, KubeferryError } from "@kubeferry/model";

/** "timeout": it was given up. */
class RunTimeError extends KubeferryError<"timeout"> {}

/** How long a run may take. */
export interface RunTime {
  readonly limitMs: number;
  /** Besides, for what is worth finishing: `finishing`. */
  readonly graceMs: number;
}

/**
 * Does a run that is given up after a time, as if it had been told to stop. Unlike one that somebody stopped it has failed.
 * @param isCut of a result: whether something was left
 * @throws RunTimeError when it was given up; what the run throws
 */
export async function withinTime<Result>(
  run: (call: Call) => Promise<Result>,
  { limitMs, graceMs, isCut }: RunTime & { readonly isCut: (result: Result) => boolean },
  call: Call,
): Promise<Result> {
  const [soft, hard] = [new AbortController(), new AbortController()];
  const tooLong = givenUp(limitMs);
  const timers = [
    setTimeout(() => soft.abort(tooLong), limitMs),
    setTimeout(() => hard.abort(tooLong), limitMs + graceMs),
  ];
  const signal = AbortSignal.any([call.signal, soft.signal]);
  const deadline = AbortSignal.any([call.deadline ?? call.signal, hard.signal]);
  const isTooLong = (): boolean => soft.signal.aborted && !call.signal.aborted;
  try {
    const result = await run({ ...call, signal, deadline });
    if (isTooLong() && isCut(result)) throw tooLong;
    return result;
  } catch (error) {
    throw isTooLong() ? tooLong : error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

function givenUp(limitMs: number): RunTimeError {
  return new RunTimeError({
    kind: "timeout",
    who: "gitops",
    operation: "run",
    problem: `it was given up after ${limitMs / 1000} s`,
    next: "see its last log line for what it waited for; a run that needs longer has gitops.serve.runTimeout",
  });
}
