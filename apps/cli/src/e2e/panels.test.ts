import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bareRepository } from "../demo/bare-repository.ts";
import { kubeferry } from "../testing/cli.ts";
import { type GatedReplay, gatedReplay } from "../testing/gated-replay.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const FILES = join(import.meta.dirname, "../../../../charts/kubeferry/files");
const SEEN = { timeout: 60_000, interval: 200 };
/** What Grafana would fill in. */
const FILLED_IN: Readonly<Record<string, string>> = { cluster: ".*", series: ".*", repository: ".*", __range: "1h" };

/** What no run of this test brings: it has no Argo CD, no drill and no receiver. Served by hand, under the published names. */
const byHand = (runs: number): string => `
gitops_application_sync_status{cluster="example.internal/small",series="default",application="shop-prod",status="Synced"} 1
gitops_application_health_status{cluster="example.internal/small",series="default",application="shop-prod",status="Healthy"} 1
cluster_restore_drill_age_seconds{cluster="example.internal/small",series="default"} 3600
cluster_restore_drill_duration_seconds{cluster="example.internal/small",series="default"} 12.5
cluster_restore_drill_differences{cluster="example.internal/small",series="default"} 0
cluster_restore_drill_last_success_timestamp_seconds{cluster="example.internal/small",series="default"} ${Date.now() / 1000}
gitops_runs_total{repository="fleet",status="complete"} 3
gitops_run_duration_seconds_sum{repository="fleet"} ${4 * runs}
gitops_run_duration_seconds_count{repository="fleet"} ${runs}
gitops_objects{repository="fleet"} 12
gitops_blocked_objects{repository="fleet"} 0
gitops_frozen_folders{repository="fleet"} 0
gitops_held_back_removals{repository="fleet"} 0
gitops_open_requests{repository="fleet"} 1
gitops_last_success_timestamp_seconds{repository="fleet"} ${Date.now() / 1000}
gitops_snapshot_timestamp_seconds{repository="fleet",cluster="example.internal/small"} ${Date.now() / 1000}
gitops_calls_total{outcome="accepted"} 3
gitops_waiting_calls 0
gitops_run_in_progress 0
kubeferry_security_events_total{kind="call-refused"} 0
kubeferry_build_info{version="1.2.3"} 1
process_resident_memory_bytes 1e8
process_cpu_seconds_total 3
nodejs_eventloop_lag_p99_seconds 0.01
`;

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

describe.skipIf(missingServers("prometheus", "pushgateway", "kustomize"))(
  "dashboards and alerts, after real runs",
  () => {
    let replay: GatedReplay;
    let later: GatedReplay;
    let prometheus: Awaited<ReturnType<typeof servers.prometheus>>;
    let run: (...args: readonly string[]) => Promise<number | null>;

    beforeAll(async () => {
      const gateway = await servers.pushgateway();
      const others = await serveCounting(byHand);
      const ruleFiles = await rulesWithoutIntervals();
      prometheus = await servers.prometheus({
        targets: [new URL(gateway).host, others],
        scrapeIntervalMs: 500,
        ruleFiles,
      });
      replay = await gatedReplay(await smallCluster("before"));
      later = await gatedReplay(await smallCluster("after"));
      const folder = await freshFolder();
      const { folder: url } = await bareRepository(join(folder, "fleet.git"));
      const config = await writeConfig({
        cluster: { name: "small", domain: "example.internal" },
        kubernetes: { kubeconfig: await kubeconfigFile(replay) },
        store: { type: "folder", path: join(folder, "store") },
        retry: { attempts: 1 },
        gitops: { mode: "push", namespaces: ["shop"], repository: { url } },
        metrics: { enabled: false, push: { url: gateway } },
      });
      const env = { PATH: `${dirname(servers.binary("kustomize"))}:${process.env.PATH ?? ""}` };
      run = async (command, ...args) => (await kubeferry([`${command}`, "--config", config, ...args], { env })).code;

      expect(await run("run")).toBe(0);
      await seen("cluster_backup_duration_seconds_count == 1");
      expect(await run("drift", "--set", `kubernetes.kubeconfig=${await kubeconfigFile(later)}`)).toBe(3);
    }, 120_000);
    afterAll(async () => {
      await replay?.close();
      await later?.close();
    });

    async function seen(expression: string): Promise<void> {
      await vi.waitFor(async () => expect(await prometheus.values(expression), expression).not.toEqual([]), SEEN);
    }

    it("say that a run failed, and later that it was only partial", { timeout: 120_000 }, async () => {
      replay.gate = async (path) => (/\/(api|apis)(\?|$)|kube-system/.test(path) ? undefined : 500);
      expect(await run("backup")).toBe(2);
      await expect
        .poll(async () => (await prometheus.firing()).get("KubeferryBackupFailed"), SEEN)
        .toMatchObject({ summary: "The newest backup of example.internal/small (default) failed." });
      expect([...(await prometheus.firing()).keys()]).not.toContain("KubeferryTypesUnread");

      replay.gate = async (path) => (path.includes("deployments") ? 403 : undefined);
      expect(await run("backup")).toBe(1);
      await expect
        .poll(async () => (await prometheus.firing()).get("KubeferryTypesUnread"), SEEN)
        .toMatchObject({ summary: "The newest backup of example.internal/small (default) could not read 1 types." });
      await expect.poll(async () => (await prometheus.firing()).has("KubeferryBackupFailed"), SEEN).toBe(false);
      expect(await prometheus.query("round(slo:backup_failures:increase28d)")).toBe(1);
    });

    it("have data in every panel", { timeout: 120_000 }, async () => {
      const empty = async (): Promise<readonly string[]> => {
        const asked = await Promise.all(
          (await readPanels()).flatMap(({ title, targets = [] }) =>
            targets.map(async ({ expr }) => {
              const values = await prometheus.values(filledIn(expr));
              return values.some(Number.isFinite) ? [] : [`${title}: ${expr}`];
            }),
          ),
        );
        return asked.flat();
      };
      await expect.poll(empty, SEEN).toEqual([]);
    });
  },
);

async function readPanels(): Promise<readonly Panel[]> {
  const files = globSync("dashboards/*.json", { cwd: FILES });
  const texts = await Promise.all(files.map((file) => readFile(join(FILES, file), "utf8")));
  return texts.flatMap((text) => (JSON.parse(text) as { panels: readonly Panel[] }).panels);
}

function filledIn(expr: string): string {
  return expr.replace(/\$(\w+)/g, (whole, name: string) => FILLED_IN[name] ?? whole);
}

/** Copies of the rules that are looked at as often as the rest: a group of its own pace would begin minutes later. */
async function rulesWithoutIntervals(): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-rules-"));
  return Promise.all(
    globSync("rules/*.yaml", { cwd: FILES }).map(async (file) => {
      const path = join(folder, file.replace("rules/", ""));
      await writeFile(path, (await readFile(join(FILES, file), "utf8")).replace(/^ {4}interval: .*\n/m, ""));
      return path;
    }),
  );
}

/** Serves a text that is told how often it was asked for, until the test's process ends. @returns host and port */
async function serveCounting(text: (asked: number) => string): Promise<string> {
  const seen = { asked: 0 };
  const server = createServer((_, response) => response.end(text(++seen.asked))).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function kubeconfigFile({ kubeconfig }: GatedReplay): Promise<string> {
  const path = join(await freshFolder(), "kubeconfig");
  await writeFile(path, kubeconfig);
  return path;
}
