import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { BackupReport } from "@kubeferry/model";
import type { SnapshotManifest } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CliResult, jsonOf, kubeferry } from "../testing/cli.ts";
import { type GatedReplay, gatedReplay } from "../testing/gated-replay.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };
const SUCCESS_RATE =
  "(1 - rate(cluster_backup_errors_total[5m]) / rate(cluster_backup_duration_seconds_count[5m])) * 100";
const PER_HOUR = "increase(cluster_backup_resources_total[1h])";
const AVERAGE = "rate(cluster_backup_duration_seconds_sum[5m]) / rate(cluster_backup_duration_seconds_count[5m])";
const SCRAPED = { timeout: 60_000, interval: 100 };

let replay: GatedReplay;
let sections: Record<string, unknown>;

beforeEach(async () => {
  replay = await gatedReplay(await smallCluster("before"));
  const folder = await freshFolder();
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, replay.kubeconfig);
  const retry = { attempts: 1 };
  sections = {
    cluster: CLUSTER,
    kubernetes: { kubeconfig },
    store: { type: "folder", path: join(folder, "store") },
    retry,
  };
});
afterEach(() => replay.close());

async function backup(more: Record<string, unknown>): Promise<CliResult> {
  return kubeferry(["backup", "--output", "json", "--config", await writeConfig({ ...sections, ...more })]);
}

describe.skipIf(missingServers("prometheus", "pushgateway"))("metrics of separate runs, on a real Prometheus", () => {
  it("give the right success rate, resources and duration, failed runs included", { timeout: 180_000 }, async () => {
    const gateway = await servers.pushgateway();
    const prometheus = await servers.prometheus({ targets: [new URL(gateway).host], scrapeIntervalMs: 500 });
    const port = await unusedPort();
    const metrics = { host: "127.0.0.1", port, push: { url: gateway } };
    // A scrape that came too late leaves a gap: what is asked for then is there again with the next.
    const seen = (metric: string): Promise<number> =>
      vi.waitFor(async () => (await prometheus.query(metric)) ?? expect.fail(`${metric} is not there`), SCRAPED);
    let served = "";
    // The first run goes on only after Prometheus has seen where counting starts.
    replay.gate = async (path) => {
      if (served !== "" || !path.includes("configmaps")) return undefined;
      served = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      await expect.poll(() => seen("cluster_backup_duration_seconds_count"), SCRAPED).toBe(0);
      return undefined;
    };

    const first = await backup({ metrics });
    expect(first.code, first.stderr).toBe(0);
    const second = await backup({ metrics });
    expect(second.code, second.stderr).toBe(0);
    const { objects } = jsonOf<BackupReport>(second);
    await expect.poll(() => seen("cluster_backup_duration_seconds_count"), SCRAPED).toBe(2);
    expect(await seen(SUCCESS_RATE)).toBe(100);
    // Prometheus extrapolates to the edges of what it saw: never below, and a little above.
    const perHour = await seen(PER_HOUR);
    expect(perHour).toBeGreaterThan(2 * objects * 0.99);
    expect(perHour).toBeLessThan(2 * objects * 1.25);
    const sum = await seen("cluster_backup_duration_seconds_sum");
    expect(sum).toBeGreaterThan(0);
    expect(await seen(AVERAGE)).toBeCloseTo(sum / 2, 3);
    const lastSuccess = await seen("cluster_backup_last_success_timestamp_seconds");

    replay.gate = async (path) => (/\/(api|apis)(\?|$)|kube-system/.test(path) ? undefined : 500);
    const broken = await backup({ metrics });
    expect(broken.code, broken.stderr).toBe(2);
    await expect.poll(() => seen("cluster_backup_duration_seconds_count"), SCRAPED).toBe(3);
    expect(await seen(SUCCESS_RATE)).toBeCloseTo(100 - 100 / 3, 3);
    expect(await seen("cluster_backup_last_failure_timestamp_seconds")).toBeGreaterThan(lastSuccess);

    // A store that cannot be reached keeps no count of it either: the gateway does.
    replay.gate = async () => undefined;
    const unreachable = { type: "s3", endpoint: "http://127.0.0.1:1", accessKey: "a", secretKey: "b" };
    const lost = await backup({ metrics, store: unreachable });
    expect(lost.code, lost.stderr).toBe(2);
    await expect.poll(() => seen("cluster_backup_duration_seconds_count"), SCRAPED).toBe(4);
    expect(await seen(SUCCESS_RATE)).toBeCloseTo(50, 3);
    expect(await seen("cluster_backup_last_success_timestamp_seconds")).toBe(lastSuccess);

    const last = await backup({ metrics });
    expect(last.code, last.stderr).toBe(0);
    await expect.poll(() => seen("cluster_backup_duration_seconds_count"), SCRAPED).toBe(5);
    expect(await seen("cluster_backup_errors_total")).toBe(2);
    expect(await seen("cluster_backup_resources_total")).toBe(3 * objects);
    expect(await seen(SUCCESS_RATE)).toBeCloseTo(60, 3);

    const lastFailure = await seen("cluster_backup_last_failure_timestamp_seconds");
    expect(await seen("cluster_backup_last_success_timestamp_seconds")).toBeGreaterThan(lastFailure);
    const { namespaces } = jsonOf<BackupReport>(last);
    expect(await seen("cluster_backup_namespaces")).toBe(namespaces);
    expect(served).toContain('cluster_backup_resources_total{cluster="example.internal/small",series="default"} 0\n');
    expect(served).toMatch(/cluster_backup_requests_in_flight\{[^}]*target="kubernetes"\} [1-9]/);
    for (const text of [served, await (await fetch(`${gateway}/metrics`)).text()]) {
      const lines = text.split("\n").filter((line) => line.includes("cluster_backup_"));
      const lint = spawnSync("promtool", ["check", "metrics"], { input: `${lines.join("\n")}\n` });
      expect(lint.stdout.toString() + lint.stderr.toString()).toBe("");
      expect(lint.status).toBe(0);
    }
  });

  it("leave the time of the last success alone after a partial run, unless that counts as one", async () => {
    const gateway = await servers.pushgateway();
    const push = { url: gateway };
    const pushed = async (name: string): Promise<number> => {
      const text = await (await fetch(`${gateway}/metrics`)).text();
      return Number(new RegExp(`^${name}\\{.*\\} (.*)$`, "m").exec(text)?.[1] ?? Number.NaN);
    };
    expect((await backup({ metrics: { enabled: false, push } })).code).toBe(0);
    const success = await pushed("cluster_backup_last_success_timestamp_seconds");
    expect(success).toBeGreaterThan(Date.now() / 1000 - 600);
    expect(await pushed("cluster_backup_last_partial_timestamp_seconds")).toBeNaN();

    replay.gate = async (path) => (path.includes("deployments") ? 403 : undefined);
    const partial = await backup({ metrics: { enabled: false, push } });
    expect(partial.code, partial.stderr).toBe(1);
    expect(await pushed("cluster_backup_last_success_timestamp_seconds")).toBe(success);
    expect(await pushed("cluster_backup_last_partial_timestamp_seconds")).toBeGreaterThan(success);
    expect(await pushed("cluster_backup_unread_types")).toBe(1);
    expect(await pushed("cluster_backup_object_errors_total")).toBe(1);
    expect(await pushed("cluster_backup_errors_total")).toBe(0);

    expect((await backup({ metrics: { enabled: false, push, partialIsSuccess: true } })).code).toBe(1);
    expect(await pushed("cluster_backup_last_success_timestamp_seconds")).toBeGreaterThan(success);
  }, 60_000);
});

describe("what runs add up to", () => {
  it("is in each manifest, and goes on over runs that failed", { timeout: 60_000 }, async () => {
    expect((await backup({})).code).toBe(0);
    replay.gate = async (path) => (/\/(api|apis)(\?|$)|kube-system/.test(path) ? undefined : 500);
    expect((await backup({})).code).toBe(2);
    replay.gate = async () => undefined;
    const last = jsonOf<BackupReport>(await backup({}));
    const { path } = sections.store as { path: string };
    const { counters } = JSON.parse(await readFile(join(path, last.snapshot), "utf8")) as SnapshotManifest;
    expect(counters).toMatchObject({ failedRuns: 1, objects: 2 * last.objects, durations: { count: 3 } });
  });
});

describe("metrics that nobody can have", () => {
  it("are a warning each, and no reason not to run", { timeout: 60_000 }, async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    try {
      const push = { url: "http://127.0.0.1:1", username: "bot", password: "pl4nted-push-password" };
      const result = await backup({ metrics: { host: "127.0.0.1", port, push } });
      expect(result.code, result.stderr).toBe(0);
      expect(result.stderr).toContain(`metrics: listen on 127.0.0.1:${port}: port-taken`);
      expect(result.stderr).toContain("metrics were not pushed");
      expect(result.stderr).not.toContain("pl4nted-push-password");
    } finally {
      taken.close();
    }
  });
});

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
