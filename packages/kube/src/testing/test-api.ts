import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createKubeApi, createWritableKube, type KubeOptions, type KubeSurroundings } from "../connect-kube.ts";
import type { BreakerPolicy } from "../http/circuit-breaker.ts";
import type { KubeApi } from "../kube-api.ts";
import type { KubeWriter } from "../write/kube-writer.ts";

/** An API whose waits are recorded and not waited for. */
export interface TestApi {
  readonly api: KubeApi;
  /** Milliseconds it would have waited, in order. */
  readonly waits: number[];
}

/**
 * Opens an API for one test: no environment of this machine, three tries, a chance that is always 0, a clock that stands.
 * @param whenFinished the test's own `onTestFinished`, where others run at the same time
 */
export function openTestApi(
  options: KubeOptions,
  environment: Record<string, string> = {},
  clock: { readonly now: number } = { now: 0 },
  breaker: BreakerPolicy = { failures: 100, openMs: 1_000 },
  whenFinished: typeof onTestFinished = onTestFinished,
): TestApi {
  const waits: number[] = [];
  const wait = async (ms: number, signal: AbortSignal) => {
    waits.push(ms);
    signal.throwIfAborted();
  };
  const surroundings = { environment, home: "/nonexistent", serviceAccountFolder: "/nonexistent" };
  const retry = { attempts: 3, delayMs: 1_000, wait, random: () => 0 };
  const api = createKubeApi(options, { surroundings, retry, breaker, now: () => clock.now });
  whenFinished(() => api.close());
  return { api, waits };
}

/** Opens what changes a cluster for one test: three tries without waiting. */
export function openTestWriter(options: KubeOptions): KubeWriter {
  const surroundings = { environment: {}, home: "/nonexistent", serviceAccountFolder: "/nonexistent" };
  const retry = { attempts: 3, delayMs: 1_000, wait: async () => undefined, random: () => 0 };
  const around: KubeSurroundings = { surroundings, retry, breaker: { failures: 100, openMs: 1_000 }, now: () => 0 };
  const { kube, writer } = createWritableKube(options, around);
  onTestFinished(() => kube.close());
  return writer;
}

/** A folder for one test's files. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "kubeferry-kube-"));
}

/** Writes a kubeconfig with one context, "test"; cluster and user are given as kubeconfig has them. @returns its path */
export function writeTestKubeconfig(cluster: object, user: object, folder: string = temporaryFolder()): string {
  const path = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
