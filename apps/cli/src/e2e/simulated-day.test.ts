import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openAnnouncer, runBackup } from "@kubeferry/backup";
import { createReceiver, runGitOps, serveSettings, systemClock } from "@kubeferry/gitops";
import { serveSnapshot } from "@kubeferry/kube-replay";
import { type JsonObject, KubeferryError, parseJson, Secret, silentLog, webhookKeyText } from "@kubeferry/model";
import { createFolderStore, prefixed } from "@kubeferry/object-store";
import { type Config, loadConfig } from "@kubeferry/shared-config";
import { openSeries } from "@kubeferry/snapshot";
import { configMap, namespace, takeSnapshot } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import pMap from "p-map";
import { expect, it, onTestFinished } from "vitest";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import { testCall } from "../testing/call.ts";
import { type FaultProxy, faultProxy } from "../testing/fault-proxy.ts";
import { gitAs } from "../testing/gitea-git.ts";
import { readableObjects } from "../testing/readable-objects.ts";
import { freshFolder, s3Store, writeConfig } from "../testing/workspace.ts";

const DOMAIN = "example.internal";
const NAMES = Array.from({ length: 20 }, (_, index) => `c${String(index + 1).padStart(2, "0")}`);
/** Backups of each cluster that are due in the day. */
const ROUNDS = 3;
const AT_ONCE = 4;
/** What the replayed clusters serve: namespaces and ConfigMaps. */
const DISCOVERY = JSON.stringify({
  api: groups([
    {
      metadata: {},
      versions: [{ version: "v1", freshness: "Current", resources: [served("Namespace"), served("ConfigMap")] }],
    },
  ]),
  apis: groups([]),
});
const KEY = new Secret(webhookKeyText(Buffer.alloc(32, 9)));

it.skipIf(missingServers("minio", "gitea"))(
  "a day of 20 clusters and a bad network ends with a right last snapshot of each, and all of it in one open request",
  { timeout: 600_000 },
  async () => {
    const chance = chanceOf("a bad day");
    const gitea = await servers.gitea();
    const repository = await gitea.freshRepository();
    const store = await s3Store(await servers.minio());
    const [storeProxy, gitProxy] = [await proxyTo((await servers.minio()).endpoint), await proxyTo(gitea.url)];
    const env = { ...store.env, GIT_TOKEN: gitea.token, WEBHOOK_KEY: KEY.reveal() };
    const shared = {
      store: { ...store.section, endpoint: storeProxy.url },
      retry: { attempts: 4, delay: "50ms" },
      webhook: { keys: ["${WEBHOOK_KEY}"] },
    };
    const environments = Object.fromEntries(NAMES.map((name) => [name, { cluster: `${DOMAIN}/${name}` }]));
    const gitops = { layout: "clusters", namespaces: ["shop"], environments, quietPeriod: "300ms" };
    const { owner, name: repo } = repository;
    const url = `${gitProxy.url}/${owner}/${repo}.git`;
    const fleet = await loaded(
      { ...shared, gitops: { ...gitops, repository: { url, platform: "gitea", token: "${GIT_TOKEN}" } } },
      env,
    );
    const day = {
      backups: 0,
      failedBackups: 0,
      lostCalls: 0,
      runs: 0,
      failedRuns: 0,
      merges: 0,
      keptOut: 0,
      duplicates: 0,
    };
    const backedUp = new Set<string>();

    const stop = new AbortController();
    const call = { signal: stop.signal, log: silentLog };
    const receiver = await createReceiver(
      {
        webhook: { host: "127.0.0.1", port: 0, configuredBy: "test" },
        inner: { host: "127.0.0.1", port: 0, configuredBy: "test" },
        current: () => ({ ...serveSettings(fleet), intervalMs: 5_000, callsPerMinute: 10_000 }),
        run: async ({ id, signal }) => {
          day.runs++;
          const anyBackedUp = backedUp.size > 0;
          const placed = { config: fleet, store: await openConfiguredStore(fleet), runId: id, toolVersion: "test" };
          try {
            return { report: await runGitOps({ ...placed, allowRemovals: true }, { ...call, signal }) };
          } catch (error) {
            day.failedRuns++;
            // Clusters that come later in the day keep none out that is there.
            if (anyBackedUp && error instanceof KubeferryError && error.kind === "no-snapshot") day.keptOut++;
            throw error;
          } finally {
            const heads = (await openRequests()).map(({ head }) => head.ref);
            if (new Set(heads).size !== heads.length) day.duplicates++;
          }
        },
        world: { snapshots: async () => String(Math.random()), branches: async () => String(Math.random()) },
        shutdownTimeoutMs: 10_000,
        clock: systemClock,
        newId: () => crypto.randomUUID(),
      },
      call,
    );
    const serving = receiver.run();
    const webhookProxy = await proxyTo(receiver.addresses.webhook);

    const states = new Map(NAMES.map((name) => [name, { a: "0", b: "0", c: "0" } as Record<string, string>]));
    const scratch = createFolderStore({ path: await freshFolder(), autoCreate: true });
    const due = async (name: string): Promise<void> => {
      const state = states.get(name) ?? {};
      change(state, chance);
      await backUp(name, state);
    };
    const backUp = async (name: string, state: Readonly<Record<string, string>>): Promise<void> => {
      const cluster = { domain: DOMAIN, name, uid: `uid-of-${name}` };
      const objects = [
        { ...namespace("kube-system"), metadata: { name: "kube-system", uid: cluster.uid, resourceVersion: "1" } },
        namespace("shop"),
        ...Object.entries(state).map(([key, value]) => storedMap(key, value)),
      ];
      const replay = await serveSnapshot(
        await takeSnapshot(scratch, cluster, objects, { discovery: DISCOVERY }),
        { port: 0, access: "anyone" },
        testCall,
      );
      const api = await proxyTo(replay.url);
      api.fault = storeProxy.fault === none ? none : () => (chance() < 0.02 ? "cut" : undefined);
      const kubeconfig = join(await freshFolder(), "kubeconfig");
      await writeFile(kubeconfig, replay.kubeconfig.replaceAll(replay.url, api.url));
      const announce = { via: "webhook", url: `${webhookProxy.url}/v1/backup-complete`, attempts: 2, timeout: "2s" };
      const sections = { ...shared, announce, cluster: { domain: DOMAIN, name }, kubernetes: { kubeconfig } };
      const config = await loaded({ ...sections, backup: { mirror: false, secrets: "omit" } }, env);
      const announcer = await openAnnouncer(config);
      const kube = await connectCluster(config, testCall);
      day.backups++;
      try {
        const options = { config, store: await openConfiguredStore(config), kube, announcer, leaseTtlMs: 500 };
        const run = { ...options, runId: crypto.randomUUID(), toolVersion: "test", now: () => new Date() };
        const report = await runBackup(run as Parameters<typeof runBackup>[0], testCall);
        if (report.announced?.outcome === "failed") day.lostCalls++;
        backedUp.add(name);
        if (report.status === "complete") return;
      } catch {
        // The next one that is due finds what this one left.
      } finally {
        await Promise.all([kube.close(), announcer?.close(), replay.close()]);
        api.close();
      }
      day.failedBackups++;
      wrong.add(name);
    };
    const wrong = new Set<string>();

    storeProxy.fault = () => (chance() < 0.01 ? oneOf(["cut", "lost", 503] as const, chance) : undefined);
    const asked = { git: 0 };
    // One for certain: a day has few requests to Git.
    gitProxy.fault = () =>
      ++asked.git === 5 || chance() < 0.02 ? oneOf(["cut", "lost", 500] as const, chance) : undefined;
    webhookProxy.fault = () => (chance() < 0.4 ? oneOf(["cut", "lost", 503] as const, chance) : undefined);
    for (let round = 0; round < ROUNDS; round++) {
      wrong.clear();
      await pMap(shuffled(NAMES, chance), due, { concurrency: AT_ONCE });
      if (round < ROUNDS - 1) await merge();
    }
    // The network is well again; what failed in the last round is due once more.
    for (const proxy of [storeProxy, gitProxy, webhookProxy]) proxy.fault = none;
    for (const name of [...wrong]) await backUp(name, states.get(name) ?? {});
    await runAfter(Date.now());

    const root = await openConfiguredStore(fleet);
    for (const name of NAMES) {
      const newest = await openSeries(prefixed(root, `${DOMAIN}/${name}/`), "default").newest(testCall);
      if (newest === undefined) throw new Error(`${name} has no snapshot`);
      const found: Record<string, unknown> = {};
      for await (const { key, line } of readableObjects(newest)) {
        const object = parseJson(line.toString("utf8")) as JsonObject;
        if (object.kind === "ConfigMap") found[key.slice("shop/".length)] = (object.data as JsonObject).value;
      }
      expect(found, name).toEqual(states.get(name));
    }
    const open = await openRequests();
    expect(open).toHaveLength(1);
    const checkout = join(await freshFolder(), "checkout");
    await gitAs(gitea, ["clone", "--quiet", "--branch", open[0]?.head.ref ?? "", repository.cloneUrl, checkout]);
    const fresh = join(await freshFolder(), "fresh");
    const again = await loaded(
      {
        ...shared,
        gitops: { ...gitops, mode: "directory", directory: fresh, repository: { url: repository.cloneUrl } },
      },
      env,
    );
    await runGitOps({ config: again, store: root, allowRemovals: true, runId: "fresh", toolVersion: "test" }, testCall);
    expect(await treeOf(checkout)).toEqual(await treeOf(fresh));
    const faults = [storeProxy, gitProxy, webhookProxy].map((proxy) => proxy.faults());
    // Of one such day: 60 backups, 11 lost calls, 10 runs of stage 2 of which 2 failed, 70 faults of store, Git and receiver.
    expect({ ...day, faults }).toMatchObject({ duplicates: 0, keptOut: 0, merges: ROUNDS - 1 });
    expect(day.runs - day.failedRuns).toBeGreaterThanOrEqual(ROUNDS);
    expect(day.backups).toBeGreaterThanOrEqual(NAMES.length * ROUNDS);
    expect(Math.min(...faults)).toBeGreaterThan(0);
    stop.abort();
    await serving;

    async function openRequests(): Promise<readonly OpenRequest[]> {
      const { json } = await gitea.api("GET", `/repos/${owner}/${repo}/pulls?state=open`);
      return json as OpenRequest[];
    }

    /** As a person does it: what is open by then, when the host lets it. */
    async function merge(): Promise<void> {
      for (let merged = false; !merged; await sleep(200)) {
        const [request] = await openRequests();
        if (request === undefined) continue;
        const path = `/repos/${owner}/${repo}/pulls/${request.number}/merge`;
        merged = (await gitea.api("POST", path, { Do: "merge" })).status === 200;
      }
      day.merges++;
    }

    /** Waits for a run that began after a moment and came to its end. */
    async function runAfter(ms: number): Promise<void> {
      for (;;) {
        const answer = await fetch(`${receiver.addresses.inner}/v1/runs`);
        const { runs } = (await answer.json()) as { runs: { startedAt: string; status: string }[] };
        if (runs.some(({ startedAt, status }) => Date.parse(startedAt) > ms && status === "complete")) return;
        await sleep(100);
      }
    }
  },
);

interface OpenRequest {
  readonly number: number;
  readonly head: { readonly ref: string };
}

function groups(items: readonly object[]): object {
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function served(kind: string): object {
  return {
    resource: `${kind.toLowerCase()}s`,
    responseKind: { group: "", version: "v1", kind },
    scope: kind === "Namespace" ? "Cluster" : "Namespaced",
    singularResource: kind.toLowerCase(),
    verbs: ["get", "list"],
  };
}

const none = (): undefined => undefined;

async function proxyTo(target: string): Promise<FaultProxy> {
  const proxy = await faultProxy(target);
  onTestFinished(() => proxy.close());
  return Object.assign(proxy, { fault: none as FaultProxy["fault"] });
}

async function loaded(sections: Readonly<Record<string, unknown>>, env: Record<string, string>): Promise<Config> {
  return (await loadConfig({ files: [await writeConfig(sections)], env })).config;
}

/** A ConfigMap whose version moves with its value, as an API server's does. */
function storedMap(key: string, value: string): JsonObject {
  const resourceVersion = String(Number.parseInt(value, 10) + 1);
  const metadata = { name: key, namespace: "shop", uid: `uid-of-${key}`, resourceVersion };
  return { ...configMap(`shop/${key}`, { value }), metadata };
}

/** Changes one object, makes one, or removes one. */
function change(state: Record<string, string>, chance: () => number): void {
  const names = Object.keys(state);
  const name = oneOf(names, chance);
  const what = chance();
  if (what < 0.15 && names.length > 2) delete state[name];
  else if (what < 0.4) state[`n${Math.floor(chance() * 1e6)}`] = "0";
  else state[name] = String(Number.parseInt(state[name] ?? "0", 10) + 1);
}

/** The same numbers from 0 to below 1 for the same text. */
function chanceOf(text: string): () => number {
  const counter = { value: 0 };
  return () =>
    createHash("sha256")
      .update(`${text} ${counter.value++}`)
      .digest()
      .readUInt32BE() /
    2 ** 32;
}

function oneOf<Item>(items: readonly Item[], chance: () => number): Item {
  return items[Math.floor(chance() * items.length)] as Item;
}

function shuffled(names: readonly string[], chance: () => number): string[] {
  return names
    .map((name) => [chance(), name] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, name]) => name);
}

/** Paths and texts, without what is Git's own. */
async function treeOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const own = files.map((file) => file.slice(folder.length + 1)).filter((file) => !/^(\.git\/|README\.md$)/.test(file));
  return Object.fromEntries(
    await Promise.all(own.map(async (file) => [file, await readFile(join(folder, file), "utf8")])),
  );
}
