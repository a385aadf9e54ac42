import { setTimeout as sleep } from "node:timers/promises";
import { TestbedError } from "../errors.ts";
import { forgetProcess, type ProcessRecord, processesOf, type Run, removeRun } from "../runs/run.ts";
import { isAlive, signalProcess } from "./identity.ts";

const graceMs = 2_000;
const killedWithinMs = 5_000;
const pollMs = 25;

/**
 * Ends exactly these processes: asks, waits, and kills what is still there after 2 s.
 * @throws TestbedError "refused" when one survives even that.
 */
export async function stopProcesses(run: Run, records: readonly ProcessRecord[]): Promise<void> {
  // All at once, latest first: their data is thrown away, so none has to wait for another.
  for (const record of records.toReversed()) signalProcess(record, "SIGTERM");
  await allEnded(records, graceMs);
  await killProcesses(run, records);
}

/** Ends exactly these processes at once, as a crash would. @throws TestbedError "refused" when one survives even that */
export async function killProcesses(run: Run, records: readonly ProcessRecord[]): Promise<void> {
  for (const record of records) signalProcess(record, "SIGKILL");
  if (!(await allEnded(records, killedWithinMs))) throw survived(records.filter(isAlive));
  for (const record of records) forgetProcess(run, record.name);
}

/** Ends everything that a run started and removes its folder. */
export async function endRun(run: Run): Promise<void> {
  await stopProcesses(run, processesOf(run));
  removeRun(run);
}

async function allEnded(records: readonly ProcessRecord[], timeoutMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs;
  while (records.some(isAlive)) {
    if (Date.now() > giveUpAt) return false;
    await sleep(pollMs);
  }
  return true;
}

function survived(records: readonly ProcessRecord[]): TestbedError {
  return new TestbedError({
    kind: "refused",
    who: "testbed",
    operation: `stop ${records.map((record) => `${record.name} (${record.pid})`).join(", ")}`,
    problem: "still running after SIGKILL",
    next: "look at it with ps; its record is kept",
  });
}
