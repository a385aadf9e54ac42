import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bareRepository } from "../demo/bare-repository.ts";
import { bundled } from "../testing/bundled.ts";
import { kubeferry } from "../testing/cli.ts";
import { type GatedReplay, gatedReplay } from "../testing/gated-replay.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const FILES = join(import.meta.dirname, "../../../../charts/kubeferry/files");
const SEEN = { timeout: 60_000, interval: 200 };
/** What Grafana would fill in. */
const FILLED_IN: Readonly<Record<string, string>> = { cluster: ".*", series: ".*", repository: ".*", __range: "1h" };

/** What no run of this test brings: it has no Argo CD and no cluster to rehearse in. Pushed by hand, under the published names. */
const BY_HAND = `
gitops_application_sync_status{application="shop-prod",status="Synced"} 1
gitops_application_health_status{application="shop-prod",status="Healthy"} 1
cluster_restore_drill_age_seconds 3600
cluster_restore_drill_duration_seconds 12.5
cluster_restore_drill_differences 0
cluster_restore_drill_last_success_timestamp_seconds ${Date.now() / 1000}
`;
const SMALL = `cluster@base64/${Buffer.from("example.internal/small").toString("base64url")}/series/default`;

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
    let receiver: ChildProcess | undefined;
    let run: (...args: readonly string[]) => Promise<number | null>;

    beforeAll(async () => {
      const gateway = await servers.pushgateway();
      const port = await unusedPort();
      const ruleFiles = await rulesWithoutIntervals();
      prometheus = await servers.prometheus({
        targets: [new URL(gateway).host, `127.0.0.1:${port}`],
        scrapeIntervalMs: 500,
        ruleFiles,
      });
      replay = await gatedReplay(await smallCluster("before"));
      later = await gatedReplay(await smallCluster("after"));
      const folder = await freshFolder();
      const { folder: url } = await bareRepository(join(folder, "fleet.git"));
      const sections = {
        cluster: { name: "small", domain: "example.internal" },
        kubernetes: { kubeconfig: await kubeconfigFile(replay) },
        store: { type: "folder", path: join(folder, "store") },
        retry: { attempts: 1 },
        gitops: { mode: "push", namespaces: ["shop"], repository: { url } },
        metrics: { enabled: false, push: { url: gateway } },
        // Nobody listens there.
        notifications: {
          enabled: true,
          timeout: "500ms",
          channels: { ops: { type: "webhook", url: "http://127.0.0.1:9/" } },
        },
      };
      const config = await writeConfig(sections);
      const env = { PATH: `${dirname(servers.binary("kustomize"))}:${process.env.PATH ?? ""}` };
      run = async (command, ...args) => (await kubeferry([`${command}`, "--config", config, ...args], { env })).code;
      const byHand = { method: "POST", body: BY_HAND };
      expect(await fetch(`${gateway}/metrics/job/kubeferry/${SMALL}`, byHand)).toMatchObject({ status: 200 });

      expect(await run("run")).toBe(0);
      await seen("cluster_backup_duration_seconds_count == 1");
      await seen('gitops_runs_total{status="complete"} == 1');
      receiver = await startReceiver({ ...sections, metrics: { host: "127.0.0.1", port } });
      expect(await run("gitops")).toBe(0);
      expect(await run("drift", "--set", `kubernetes.kubeconfig=${await kubeconfigFile(later)}`)).toBe(3);
    }, 120_000);
    afterAll(async () => {
      receiver?.kill("SIGKILL");
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
      await expect
        .poll(async () => (await prometheus.firing()).get("KubeferryNotificationsFailing"), SEEN)
        .toMatchObject({ summary: "Messages to ops do not arrive." });

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

/** `kubeferry gitops serve`, which lives until it is ended. */
async function startReceiver({ gitops, ...sections }: Readonly<Record<string, object>>): Promise<ChildProcess> {
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const config = await writeConfig({
    ...sections,
    webhook: { keys: [key] },
    gitops: { ...gitops, serve: { port: 0 } },
  });
  const args = [await bundled("kubeferry"), "gitops", "serve", "--config", config];
  return spawn(process.execPath, args, { stdio: "ignore" });
}

async function kubeconfigFile({ kubeconfig }: GatedReplay): Promise<string> {
  const path = join(await freshFolder(), "kubeconfig");
  await writeFile(path, kubeconfig);
  return path;
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
