import { type Call, KubeferryError } from "@kubeferry/model";

/** "timeout": it was given up. "stuck": it was given up, and may still be at work. */
class RunTimeError extends KubeferryError<"timeout" | "stuck"> {}

/** How long a run may take. */
export interface RunTime {
  readonly limitMs: number;
  /** Besides, for what is worth finishing: `finishing`. */
  readonly graceMs: number;
}

/** What a run that is told to leave everything takes to do so: programs are ended, locks and temporary files removed. */
const LEAVING_MS = 10_000;

/**
 * Does a run that is given up after a time, as if it had been told to stop. Unlike one that somebody stopped it has failed.
 * @param isCut of a result: whether something was left
 * @throws RunTimeError "timeout" when it was given up; "stuck" when it did not end then either, so that nothing else may
 *   begin that would write where it writes; what the run throws
 */
export async function withinTime<Result>(
  run: (call: Call) => Promise<Result>,
  time: RunTime & { readonly isCut: (result: Result) => boolean },
  call: Call,
): Promise<Result> {
  const { limitMs, graceMs } = time;
  const left = Promise.withResolvers<never>();
  const timer = setTimeout(() => left.reject(stuck(limitMs)), limitMs + graceMs + LEAVING_MS);
  try {
    return await Promise.race([givenUpInTime(run, time, call), left.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function givenUpInTime<Result>(
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

function stuck(limitMs: number): RunTimeError {
  return new RunTimeError({
    kind: "stuck",
    who: "gitops",
    operation: "run",
    problem: `it was given up after ${limitMs / 1000} s, and did not end: it may still write`,
    next: "the receiver ends, to be started again without it; the run's last log line says what it waited for, a git that nothing ends or a file system that does not answer",
  });
}
