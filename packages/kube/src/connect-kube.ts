import type { Call } from "@kubeferry/model";
import { chooseProxy } from "./connect/choose-proxy.ts";
import { createCredentials } from "./connect/credentials.ts";
import { createDispatcher } from "./connect/dispatcher.ts";
import {
  findTarget,
  isInPod,
  processSurroundings,
  type Surroundings,
  type TargetOptions,
} from "./connect/find-target.ts";
import type { KubeTarget } from "./connect/kube-target.ts";
import { discover } from "./discover/discover.ts";
import { createAsk, createExchange } from "./http/ask.ts";
import { type BreakerPolicy, createBreaker } from "./http/circuit-breaker.ts";
import { guardedHttp } from "./http/guarded-http.ts";
import { createKubeHttp, type KubeHttp } from "./http/kube-http.ts";
import { createRequestRate } from "./http/request-rate.ts";
import { type Retry, type RetryPolicy, realRetry } from "./http/retry.ts";
import { identify } from "./identify/identify.ts";
import type { KubeApi } from "./kube-api.ts";
import { KubeError } from "./kube-error.ts";
import { currentRevision } from "./list/current-revision.ts";
import { listObjects } from "./list/list-objects.ts";
import { createListTurns } from "./list/list-turns.ts";
import { type CreateObject, createObjectCreator } from "./write/create-object.ts";
import { createKubeWriter } from "./write/create-writer.ts";
import type { KubeWriter } from "./write/kube-writer.ts";

/** How to reach a cluster and how to treat it. */
export interface KubeOptions extends TargetOptions {
  /** Connections at once, and with them requests in flight and lists read at the same time. Default 4. */
  readonly connections?: number;
  /** To the first byte of an answer, and between two of its bytes; a paused reader does not count. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** Default 3 tries, the second after about 5 s. A server's Retry-After goes before. */
  readonly retry?: RetryPolicy;
  /** Requests a second at most, of all kinds together. Left out: as many as come. */
  readonly requestsPerSecond?: number;
}

const defaults = { connections: 4, requestTimeoutMs: 60_000, retry: { attempts: 3, delayMs: 5_000 } };

/** More than two lists can lose by themselves; as long as an API server takes to start again on a good day. */
const BREAKER: BreakerPolicy = { failures: 6, openMs: 10_000 };

/**
 * Finds a cluster and makes its API; nothing is sent yet.
 * @throws KubeError "config" for a missing or unusable kubeconfig, or a context that is not in it
 */
export async function connectKube(options: KubeOptions = {}): Promise<KubeApi> {
  const retry = realRetry(options.retry ?? defaults.retry);
  return createKubeApi(options, { surroundings: processSurroundings(), retry, breaker: BREAKER, now: Date.now });
}

/** A cluster that may be changed too. */
export interface WritableKube {
  /** Closing it closes both. */
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
}

/**
 * As `connectKube`, for the commands that are there to change a cluster: nobody else is handed a writer.
 * @throws KubeError as `connectKube`
 */
export async function connectKubeForWriting(options: KubeOptions = {}): Promise<WritableKube> {
  const retry = realRetry(options.retry ?? defaults.retry);
  return createWritableKube(options, { surroundings: processSurroundings(), retry, breaker: BREAKER, now: Date.now });
}

/** A cluster that objects may be added to. */
export interface KubeForCreating {
  readonly kube: KubeApi;
  readonly create: CreateObject;
  /** That of the Pod, or of the kubeconfig's context; "default" where neither says one. */
  readonly namespace: string;
}

/**
 * As `connectKube`, for whoever makes objects and never changes one.
 * @throws KubeError as `connectKube`
 */
export async function connectKubeForCreating(options: KubeOptions = {}): Promise<KubeForCreating> {
  const retry = realRetry(options.retry ?? defaults.retry);
  const around = { surroundings: processSurroundings(), retry, breaker: BREAKER, now: Date.now };
  const target = findTarget(options, around.surroundings);
  const http = openHttp(target, options, around);
  const create = createObjectCreator(createExchange(http, retry));
  return { kube: readingApi(target, http, around), create, namespace: target.namespace ?? "default" };
}

/** True when this process is a Pod with a service account: its own cluster can be reached with `inCluster`. */
export function runsInPod(): boolean {
  return isInPod(processSurroundings());
}

/** Clock, chance and environment of one API; tests bring their own. */
export interface KubeSurroundings {
  readonly surroundings: Surroundings;
  readonly retry: Retry;
  readonly breaker: BreakerPolicy;
  /** Milliseconds. */
  readonly now: () => number;
}

/** `connectKube` with everything around it as arguments. */
export function createKubeApi(options: KubeOptions, around: KubeSurroundings): KubeApi {
  const target = findTarget(options, around.surroundings);
  return readingApi(target, openHttp(target, options, around), around);
}

/** `connectKubeForWriting` with everything around it as arguments. */
export function createWritableKube(options: KubeOptions, around: KubeSurroundings): WritableKube {
  const target = findTarget(options, around.surroundings);
  const http = openHttp(target, options, around);
  return { kube: readingApi(target, http, around), writer: createKubeWriter(createExchange(http, around.retry)) };
}

function readingApi(target: KubeTarget, http: KubeHttp, around: KubeSurroundings): KubeApi {
  const ask = createAsk(http, around.retry);
  const host = new URL(target.server.url).hostname;
  return {
    description: `${target.server.url} (${target.origin})`,
    discover: (call) => discover(ask, call),
    list: (type, request, call) => listObjects(type, request, { http, retry: around.retry, now: around.now }, call),
    currentRevision: (type, call) => currentRevision(type, ask, call),
    get: async (path, call, maxBytes) => {
      const operation = `get ${path.replace(/\?.*$/s, "")}`;
      return ask({ operation, path: belowServer(path, operation) }, call, maxBytes);
    },
    review: async (path, body, call) => {
      const operation = `post ${path}`;
      const send = { method: "POST", contentType: "application/json", text: JSON.stringify(body) } as const;
      return ask({ operation, path: belowServer(path, operation), send }, call);
    },
    identify: (configured, call: Call) => identify(configured, { ask, host }, call),
    close: () => http.close(),
  };
}

function openHttp(target: KubeTarget, options: KubeOptions, around: KubeSurroundings): KubeHttp {
  const server = new URL(target.server.url);
  const proxy = chooseProxy(server, target.server.proxyUrl, around.surroundings.environment);
  const connections = options.connections ?? defaults.connections;
  const plain = createKubeHttp({
    server,
    credentials: createCredentials(target, around.now),
    // Inside the cluster bytes are cheaper than the server's time.
    gzip: target.server.compression && !target.inCluster,
    rate: createRequestRate(options.requestsPerSecond, { now: around.now, wait: around.retry.wait }),
    newDispatcher: (tls) =>
      createDispatcher({
        tls,
        proxy,
        connections,
        timeoutMs: options.requestTimeoutMs ?? defaults.requestTimeoutMs,
      }),
  });
  const breaker = createBreaker(around.breaker, around.now);
  return guardedHttp(plain, { breaker, turns: createListTurns(connections) });
}

function belowServer(path: string, operation: string): string {
  if (path.startsWith("/") && !path.startsWith("//")) return path;
  const problem = "a path below the server begins with one slash";
  throw new KubeError({ kind: "invalid", who: "kube", operation, problem });
}
