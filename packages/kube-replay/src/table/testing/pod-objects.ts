import type { JsonObject } from "@kubeferry/model";

const RUNNING = { running: { startedAt: "2025-01-01T00:00:00Z" } };
const DONE = { terminated: { exitCode: 0, reason: "Completed", startedAt: null, finishedAt: null } };

/** A container's status, up and ready unless it says otherwise. */
function container(name: string, more: JsonObject = {}): JsonObject {
  return { name, image: "a:1", imageID: "", ready: true, restartCount: 0, state: RUNNING, ...more };
}

function waiting(reason: string, more: JsonObject = {}): JsonObject {
  return { ready: false, state: { waiting: { reason } }, ...more };
}

function ended(terminated: JsonObject, more: JsonObject = {}): JsonObject {
  return { ready: false, state: { terminated: { startedAt: null, finishedAt: null, ...terminated } }, ...more };
}

const endedAt = (finishedAt: string): JsonObject => ({ terminated: { exitCode: 1, startedAt: null, finishedAt } });

const two = {
  containers: [
    { name: "web", image: "a:1" },
    { name: "log", image: "b:2" },
  ],
};
const one = { containers: [{ name: "web", image: "a:1" }] };
const twoInits = {
  ...one,
  initContainers: [
    { name: "first", image: "a:1" },
    { name: "second", image: "a:1" },
  ],
};
const sidecar = {
  ...one,
  initContainers: [
    { name: "proxy", image: "p:1", restartPolicy: "Always" },
    { name: "migrate", image: "a:1" },
  ],
};
const ready = [{ type: "Ready", status: "True" }];

interface Pod {
  readonly spec?: JsonObject;
  readonly status: JsonObject;
  readonly metadata?: JsonObject;
}

/** Pods in the states that their row has words for, by name. */
export const podObjects: Readonly<Record<string, Pod>> = {
  running: {
    spec: { ...one, nodeName: "node-1", readinessGates: [{ conditionType: "lb" }, { conditionType: "dns" }] },
    status: {
      phase: "Running",
      podIP: "10.0.0.7",
      podIPs: [{ ip: "10.0.0.7" }, { ip: "fd00::7" }],
      nominatedNodeName: "node-2",
      conditions: [...ready, { type: "lb", status: "True" }, { type: "dns", status: "False" }],
      containerStatuses: [container("web")],
    },
  },
  pending: { status: { phase: "Pending" } },
  gated: {
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
  },
  evicted: { status: { phase: "Failed", reason: "Evicted" } },
  crashing: {
    spec: two,
    status: {
      phase: "Running",
      containerStatuses: [
        container("log", { restartCount: 3, lastState: endedAt("2025-03-01T00:00:00Z") }),
        container("web", waiting("CrashLoopBackOff", { restartCount: 12, lastState: endedAt("2025-02-01T00:00:00Z") })),
      ],
    },
  },
  unknownRestart: { status: { phase: "Running", containerStatuses: [container("web", { restartCount: 4 })] } },
  pulling: { status: { phase: "Pending", containerStatuses: [container("web", waiting("ImagePullBackOff"))] } },
  creating: { status: { phase: "Pending", containerStatuses: [container("web", { ready: false, state: {} })] } },
  completed: { status: { phase: "Succeeded", containerStatuses: [container("web", { ready: false, state: DONE })] } },
  failed: {
    status: { phase: "Failed", containerStatuses: [container("web", ended({ exitCode: 3, reason: "Error" }))] },
  },
  exitCode: { status: { phase: "Failed", containerStatuses: [container("web", ended({ exitCode: 137 }))] } },
  signal: { status: { phase: "Failed", containerStatuses: [container("web", ended({ exitCode: 1, signal: 9 }))] } },
  halfDone: {
    spec: two,
    status: {
      phase: "Running",
      containerStatuses: [container("web", { ready: false, state: DONE }), container("log")],
    },
  },
  halfDoneReady: {
    spec: two,
    status: {
      phase: "Running",
      conditions: ready,
      containerStatuses: [container("web", { ready: false, state: DONE }), container("log")],
    },
  },
  halfFailed: {
    spec: two,
    status: {
      phase: "Running",
      containerStatuses: [
        container("web", { ready: false, state: DONE }),
        container("log", ended({ exitCode: 2, reason: "OOMKilled" })),
      ],
    },
  },
  initWaiting: {
    spec: twoInits,
    status: { phase: "Pending", initContainerStatuses: [container("first", waiting("PodInitializing"))] },
  },
  initSecond: {
    spec: twoInits,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container("first", { ready: true, state: DONE, restartCount: 2 }),
        container("second", { ready: false }),
      ],
      containerStatuses: [container("web", waiting("PodInitializing", { restartCount: 7 }))],
    },
  },
  initCrash: {
    spec: twoInits,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container(
          "first",
          waiting("CrashLoopBackOff", { restartCount: 5, lastState: endedAt("2025-05-05T05:00:00Z") }),
        ),
      ],
    },
  },
  initError: {
    spec: twoInits,
    status: { phase: "Pending", initContainerStatuses: [container("first", ended({ exitCode: 1, reason: "Error" }))] },
  },
  initExit: {
    spec: twoInits,
    status: { phase: "Pending", initContainerStatuses: [container("first", ended({ exitCode: 4 }))] },
  },
  initSignal: {
    spec: twoInits,
    status: { phase: "Pending", initContainerStatuses: [container("first", ended({ exitCode: 1, signal: 15 }))] },
  },
  initializedAgain: {
    spec: twoInits,
    status: {
      phase: "Running",
      conditions: [{ type: "Initialized", status: "True" }, ...ready],
      initContainerStatuses: [container("first", { ready: false })],
      containerStatuses: [container("web")],
    },
  },
  sidecarUp: {
    spec: sidecar,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container("proxy", { started: true, restartCount: 2, lastState: endedAt("2025-04-04T00:00:00Z") }),
        container("migrate", { ready: false, restartCount: 1 }),
      ],
    },
  },
  sidecarNotStarted: {
    spec: sidecar,
    status: {
      phase: "Pending",
      initContainerStatuses: [container("proxy", { started: false, ready: false }), container("migrate", waiting(""))],
    },
  },
  sidecarRunning: {
    spec: sidecar,
    status: {
      phase: "Running",
      conditions: ready,
      initContainerStatuses: [
        container("proxy", { started: true, restartCount: 2, lastState: endedAt("2025-04-04T00:00:00Z") }),
        container("migrate", { ready: true, state: DONE, restartCount: 9 }),
      ],
      containerStatuses: [container("web", { restartCount: 1 })],
    },
  },
  sidecarNotReady: {
    spec: sidecar,
    status: {
      phase: "Running",
      initContainerStatuses: [
        container("proxy", { started: true, ready: false }),
        container("migrate", { ready: true, state: DONE }),
      ],
      containerStatuses: [container("web", { ready: false })],
    },
  },
  terminating: {
    metadata: { deletionTimestamp: "2025-06-01T00:00:00Z", deletionGracePeriodSeconds: 30 },
    status: { phase: "Running", containerStatuses: [container("web")] },
  },
  terminatingDone: {
    metadata: { deletionTimestamp: "2025-06-01T00:00:00Z", finalizers: ["a.example/b"] },
    status: { phase: "Succeeded", containerStatuses: [container("web", { ready: false, state: DONE })] },
  },
  nodeLost: {
    metadata: { deletionTimestamp: "2025-06-01T00:00:00Z" },
    status: { phase: "Running", reason: "NodeLost", containerStatuses: [container("web")] },
  },
};
