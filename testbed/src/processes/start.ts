import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestbedError } from "../errors.ts";
import { guardRun } from "../runs/guard.ts";
import { type ProcessRecord, processesOf, type Run, recordProcess } from "../runs/run.ts";
import { identifyProcess, isAlive } from "./identity.ts";

const pollMs = 50;
const logTailBytes = 2_000;

/**
 * For programs in Go: a quarter of an API server's processor time went into collecting garbage that this machine has room
 * for. What lives long stays near the limit.
 */
const COLLECT_LESS: Readonly<Record<string, string>> = { GOGC: "400", GOMEMLIMIT: "1GiB" };

/** A program to start, and how one sees that it is ready. */
export interface ProcessPlan {
  /** Unique in its run: "minio", "kube-apiserver-etcd". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder and HOME; made when missing. */
  readonly dataFolder: string;
  /** Asked again and again until true; an error counts as "not yet". */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  readonly timeoutMs: number;
}

/**
 * Starts a program that outlives us, records it in the run, and waits until it is ready.
 * It sees none of our environment but PATH, so that nobody's KUBECONFIG, proxy or MINIO_* leaks in.
 * @throws TestbedError "died" or "not-ready", with the end of its log.
 */
export async function startProcess(run: Run, plan: ProcessPlan): Promise<ProcessRecord> {
  const record = await launch(run, plan);
  const giveUpAt = Date.now() + plan.timeoutMs;
  while (!(await answers(plan))) {
    if (!isAlive(record)) throw startError("died", plan, record, "it ended before it was ready");
    if (Date.now() > giveUpAt) throw startError("not-ready", plan, record, `no answer within ${plan.timeoutMs} ms`);
    await sleep(pollMs);
  }
  // Somebody else's server may have answered on the port that ours did not get.
  if (!isAlive(record)) throw startError("died", plan, record, "it ended while it became ready");
  return record;
}

/** Whether a server did not come up because its port was taken after we had looked. */
export function isPortClash(error: unknown): boolean {
  return error instanceof TestbedError && /address already in use/i.test(error.message);
}

async function launch(run: Run, plan: ProcessPlan): Promise<ProcessRecord> {
  guardRun(run);
  mkdirSync(plan.dataFolder, { recursive: true, mode: 0o700 });
  const log = join(run.folder, `${plan.name}.log`);
  const output = openSync(log, "a", 0o600);
  const child = spawn(plan.command, plan.args, {
    cwd: plan.dataFolder,
    env: { PATH: process.env.PATH ?? "", HOME: plan.dataFolder, ...COLLECT_LESS, ...plan.env },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  if (child.pid === undefined) return await failed;
  failed.catch(() => undefined);
  child.unref();
  const order = 1 + Math.max(0, ...processesOf(run).map((earlier) => earlier.order));
  // One that has ended already has no start time any more; nothing will be found to stop.
  const identity = identifyProcess(child.pid) ?? { pid: child.pid, startedAt: "ended at once" };
  const record: ProcessRecord = { ...identity, name: plan.name, order, command: plan.command, log };
  recordProcess(run, record);
  return record;
}

async function answers(plan: ProcessPlan): Promise<boolean> {
  try {
    return await plan.isReady(AbortSignal.timeout(2_000));
  } catch {
    // Refused, reset, not yet TLS: all of them are "not yet"; the caller's deadline ends the wait.
    return false;
  }
}

function startError(
  kind: "died" | "not-ready",
  plan: ProcessPlan,
  record: ProcessRecord,
  problem: string,
): TestbedError {
  const text = readFileSync(record.log, "utf8");
  return new TestbedError({
    kind,
    who: "testbed",
    operation: `start ${plan.name}`,
    problem,
    next: `its log ${record.log} ends:\n${text.slice(-logTailBytes)}`,
  });
}
