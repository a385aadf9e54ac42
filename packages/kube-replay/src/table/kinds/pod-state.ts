import type { JsonObject } from "@kubeferry/model";
import { conditionOf, integer, isDeleted, isTrue, objects, text, valueAt } from "../fields.ts";

/** What a Pod's row sums up of its containers. */
export interface PodState {
  /** "Running", "CrashLoopBackOff", "Init:1/2", "Terminating". */
  readonly status: string;
  readonly ready: number;
  /** Containers, and init containers that stay (sidecars). */
  readonly total: number;
  readonly restarts: number;
  /** When the container that restarted last had ended (RFC 3339); "" when none is known. */
  readonly lastRestart: string;
}

/** How far the init containers are. */
interface Initialization {
  /** "Init:1/2" while they are at it or have failed; undefined when they are through. */
  readonly status: string | undefined;
  readonly ready: number;
  readonly all: Restarts;
  readonly sidecars: Restarts;
}

interface Restarts {
  readonly count: number;
  readonly last: string;
}

const NO_RESTARTS: Restarts = { count: 0, last: "" };

/** Sums up a Pod as `kubectl get pods` does. */
export function podState(pod: JsonObject): PodState {
  const sidecars = sidecarNames(pod);
  const total = objects(pod, "spec", "containers").length + sidecars.size;
  const start = initialization(pod, sidecars);
  const stillInitializing = start.status !== undefined && conditionOf(pod, "Initialized")?.status !== "True";
  if (stillInitializing) {
    const status = endingStatus(pod) ?? start.status ?? "";
    return { status, ready: start.ready, total, restarts: start.all.count, lastRestart: start.all.last };
  }
  const running = containers(pod, start);
  const { count, last } = running.restarts;
  const status = endingStatus(pod) ?? running.status;
  return { status, ready: start.ready + running.ready, total, restarts: count, lastRestart: last };
}

/** What a Pod on its way out shows in any case. */
function endingStatus(pod: JsonObject): string | undefined {
  if (!isDeleted(pod)) return undefined;
  if (text(pod, "status", "reason") === "NodeLost") return "Unknown";
  const ended = ["Succeeded", "Failed"].includes(text(pod, "status", "phase"));
  return ended ? undefined : "Terminating";
}

function sidecarNames(pod: JsonObject): ReadonlySet<string> {
  const staying = objects(pod, "spec", "initContainers").filter((container) => container.restartPolicy === "Always");
  return new Set(staying.map((container) => text(container, "name")));
}

function initialization(pod: JsonObject, sidecars: ReadonlySet<string>): Initialization {
  const specified = objects(pod, "spec", "initContainers").length;
  let ready = 0;
  let all = NO_RESTARTS;
  let ofSidecars = NO_RESTARTS;
  for (const [index, container] of objects(pod, "status", "initContainerStatuses").entries()) {
    const isSidecar = sidecars.has(text(container, "name"));
    all = withRestarts(all, container);
    if (isSidecar) ofSidecars = withRestarts(ofSidecars, container);
    const isUp = isSidecar && isTrue(container, "started");
    if (isUp && isTrue(container, "ready") && !hasSucceeded(container)) ready++;
    if (hasSucceeded(container) || isUp) continue;
    // The first that is not through says where the Pod stands; those behind it have not begun.
    return { status: `Init:${initStatus(container) ?? `${index}/${specified}`}`, ready, all, sidecars: ofSidecars };
  }
  return { status: undefined, ready, all, sidecars: ofSidecars };
}

function hasSucceeded(container: JsonObject): boolean {
  const terminated = valueAt(container, "state", "terminated");
  return terminated !== undefined && integer(terminated, "exitCode") === 0;
}

function initStatus(container: JsonObject): string | undefined {
  if (valueAt(container, "state", "terminated") !== undefined) return terminationReason(container);
  const waiting = text(container, "state", "waiting", "reason");
  return waiting === "" || waiting === "PodInitializing" ? undefined : waiting;
}

function terminationReason(container: JsonObject): string {
  const terminated = valueAt(container, "state", "terminated");
  const reason = text(terminated, "reason");
  if (reason !== "") return reason;
  const signal = integer(terminated, "signal");
  return signal === 0 ? `ExitCode:${integer(terminated, "exitCode")}` : `Signal:${signal}`;
}

interface Running {
  readonly status: string;
  readonly ready: number;
  readonly restarts: Restarts;
}

function containers(pod: JsonObject, start: Initialization): Running {
  let status = start.status ?? podReason(pod);
  let failure = "";
  let ready = 0;
  let restarts = start.sidecars;
  // From the last to the first: what the first container says is what is shown.
  for (const container of objects(pod, "status", "containerStatuses").toReversed()) {
    restarts = withRestarts(restarts, container);
    const waiting = text(container, "state", "waiting", "reason");
    if (waiting !== "") {
      status = waiting;
    } else if (valueAt(container, "state", "terminated") !== undefined) {
      status = terminationReason(container);
      if (!hasSucceeded(container)) failure = status;
    } else if (isTrue(container, "ready") && valueAt(container, "state", "running") !== undefined) {
      ready++;
    }
  }
  if (status === "Completed") status = completedStatus(pod, ready > 0, failure);
  return { status, ready, restarts };
}

/** A Pod of which one container is done and others are not is not completed. */
function completedStatus(pod: JsonObject, isRunning: boolean, failure: string): string {
  if (isRunning && conditionOf(pod, "Ready")?.status === "True") return "Running";
  if (failure !== "") return failure;
  return isRunning ? "NotReady" : "Completed";
}

function podReason(pod: JsonObject): string {
  const scheduled = objects(pod, "status", "conditions").filter((condition) => condition.type === "PodScheduled");
  if (scheduled.some((condition) => condition.reason === "SchedulingGated")) return "SchedulingGated";
  return text(pod, "status", "reason") || text(pod, "status", "phase");
}

function withRestarts(before: Restarts, container: JsonObject): Restarts {
  const ended = text(container, "lastState", "terminated", "finishedAt");
  const isLater = ended !== "" && (before.last === "" || Date.parse(ended) > Date.parse(before.last));
  return { count: before.count + Number(integer(container, "restartCount")), last: isLater ? ended : before.last };
}
