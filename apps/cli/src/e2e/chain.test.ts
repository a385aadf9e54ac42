import { randomUUID } from "node:crypto";
import { completedEvent, signCall } from "@kubeferry/announce";
import { type BackupReport, Secret, webhookKeyText } from "@kubeferry/model";
import { type FreshKubeApi, type FreshRepository, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry, type StartedCli, startKubeferry } from "../testing/cli.ts";
import { type FaultProxy, faultProxy } from "../testing/fault-proxy.ts";
import { type HoldingProxy, holdingProxy } from "../testing/holding-proxy.ts";
import { s3Store, type TestStore, writeConfig } from "../testing/workspace.ts";

const NAMESPACE = "shop";
const CLUSTER = { name: "east", domain: "example.internal" };
const KEY = new Secret(webhookKeyText(Buffer.alloc(32, 7)));
const STRANGE = new Secret(webhookKeyText(Buffer.alloc(32, 8)));
const LIMIT = { timeout: 180_000 };
/** How long the store is away: longer than requests are repeated. */
const AWAY_MS = 30_000;

/** `kubeferry gitops serve`, and where it listens. */
interface Serving {
  readonly process: StartedCli;
  readonly webhook: string;
  readonly inner: string;
}

/** What `GET /v1/runs` says of a run. */
interface SeenRun {
  readonly trigger: string;
  readonly calls: number;
  readonly status: string;
  readonly requests: readonly string[];
  readonly traceId: string | null;
}

describe.skipIf(missingServers("kube-apiserver", "minio", "gitea"))("backup → signed call → pull request", () => {
  let kube: FreshKubeApi;
  let storeProxy: FaultProxy;
  let gitProxy: HoldingProxy;
  /** Begun first and looked at last: the other tests use its time, in which nothing is done. */
  let outage: Outage;
  const running = new Set<Serving>();

  beforeAll(async () => {
    const gitea = await servers.gitea();
    [kube, storeProxy, gitProxy] = await Promise.all([
      servers.freshKubeApi(),
      servers.minio().then(({ endpoint }) => faultProxy(endpoint)),
      holdingProxy(gitea.url),
    ]);
    await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    outage = await beginOutage();
  }, 180_000);

  afterEach(async () => {
    for (const { process } of running) process.kill("SIGKILL");
    await Promise.all([...running].map(({ process }) => process.ended));
    running.clear();
  });

  afterAll(async () => {
    outage?.serving.process.kill("SIGKILL");
    await outage?.serving.process.ended;
    storeProxy?.close();
    gitProxy?.close();
    await kube?.stop();
  });

  it(
    "is one request with what the cluster holds, in one trace from the first log line to its text",
    LIMIT,
    async () => {
      const place = await freshPlace();
      const serving = await serve(place);
      await change("first");
      const { report, stderr } = await backup(place, serving);
      expect(report.announced).toEqual({ via: "webhook", outcome: "told", target: serving.webhook });
      const run = await runThat(serving, ({ trigger, status }) => trigger === "call" && status !== "running");
      expect(run).toMatchObject({ status: "complete", calls: 1, requests: [expect.stringContaining("/pulls/1")] });
      const [request, ...others] = await requestsIn(place);
      expect(others).toEqual([]);
      expect(await fileIn(place, `namespaces/${NAMESPACE}/base/configmap-state.yaml`)).toContain("first");
      const [first = "{}"] = stderr.split("\n");
      const traceId = (JSON.parse(first) as { trace_id?: string }).trace_id ?? "none";
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(run.traceId).toBe(traceId);
      expect(request?.body).toContain(traceId);

      const next = await backup(place, serving);
      const rerun = await runThat(
        serving,
        ({ trigger, status, traceId: of }) => trigger === "call" && status !== "running" && of !== traceId,
      );
      expect(next.stderr).toContain(`"trace_id":"${rerun.traceId}"`);
      expect(rerun.status).toBe("complete");
      expect(await requestsIn(place), "what is unchanged is not written anew for the id of another run").toEqual([
        request,
      ]);
    },
  );

  it("comes all the same when the receiver is killed between its answer and the push", LIMIT, async () => {
    const place = await freshPlace();
    const killed = await serve(place);
    await change("second");
    const push = gitProxy.hold(
      (request) => request.startsWith("POST ") && request.includes(`/${place.repository.name}.git/git-receive-pack`),
    );
    expect((await backup(place, killed)).report.announced?.outcome).toBe("told");
    await push.arrived;
    killed.process.kill("SIGKILL");
    await killed.process.ended;
    push.release();
    const serving = await serve(place);
    expect(await runThat(serving, ({ status }) => status !== "running")).toMatchObject({ trigger: "start" });
    expect(await requestsIn(place)).toHaveLength(1);
    expect(await fileIn(place, `namespaces/${NAMESPACE}/base/configmap-state.yaml`)).toContain("second");
  });

  it("takes 200 calls of a second as two runs at most, and none that is not signed, new and small", LIMIT, async () => {
    const place = await freshPlace();
    const serving = await serve(place);
    await change("fourth");
    await backup({ ...place, silent: true }, serving);
    await runThat(serving, ({ status }) => status !== "running");
    const calls = Array.from({ length: 200 }, () => signedCall());
    const statuses = await Promise.all(calls.map(async (call) => (await fetch(serving.webhook, call)).status));
    expect(new Set(statuses)).toEqual(new Set([202]));
    const answered = await runsThatAnswer(200, serving);
    expect(answered.length).toBeLessThanOrEqual(2);

    const again = signedCall();
    const refused: readonly [string, RequestInit, number][] = [
      ["forged", signedCall({ key: STRANGE }), 401],
      ["unsigned", { ...signedCall(), headers: { "content-type": "application/cloudevents+json" } }, 401],
      ["late", signedCall({ timestamp: new Date(Date.now() - 3_600_000) }), 401],
      ["oversized", signedCall({ body: Buffer.alloc(70_000, " ").toString() }), 413],
      ["for the first time", again, 202],
    ];
    for (const [what, call, status] of refused) {
      expect((await fetch(serving.webhook, call)).status, what).toBe(status);
    }
    // Answered as the first one was, since a sender whose answer was lost asks so; and said to whoever guards.
    expect((await fetch(serving.webhook, again)).status).toBe(202);
    await serving.process.says(/"event":"call-refused".*replayed|replayed.*"event":"call-refused"/);
    expect(await requestsIn(place)).toHaveLength(1);
  });

  it(
    "is not announced by a run that committed nothing, and a receiver that is away costs one warning",
    LIMIT,
    async () => {
      const place = await freshPlace();
      const nobody = { webhook: "http://127.0.0.1:9/v1/backup-complete" };
      const { report, stderr } = await backup(place, nobody);
      expect(report).toMatchObject({ status: "complete", announced: { outcome: "failed", target: nobody.webhook } });
      const warned = stderr.split("\n").filter((line) => line.includes('"operation":"announce"'));
      expect(warned.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(["warn"]);
      const failed = await runBackup({ ...place, store: { ...place.store, env: {} } }, nobody);
      expect(failed.code).toBe(2);
      expect(failed.stderr).not.toContain('"operation":"announce"');
    },
  );

  it("follows in the same process for TRIGGER_GITOPS=true kubeferry backup", LIMIT, async () => {
    const place = await freshPlace();
    await change("fifth");
    const done = await runBackup({ ...place, silent: true }, undefined, { TRIGGER_GITOPS: "true" });
    expect(done.code, done.stderr).toBe(0);
    expect(jsonOf(done)).toMatchObject({
      backup: { status: "complete", announced: null },
      gitops: { status: "complete", pullRequest: { outcome: "created" } },
    });
    expect(await requestsIn(place)).toHaveLength(1);
    const url = "http://127.0.0.1:9/nobody/nothing.git";
    const broken = await runBackup({ ...place, silent: true }, undefined, {
      TRIGGER_GITOPS: "true",
      GIT_REPOSITORY: url,
    });
    expect(broken.code, broken.stderr).toBe(1);
    expect(jsonOf(broken)).toMatchObject({ backup: { status: "complete" }, gitops: null });
  });

  it("comes when the store was away for 30 s in the middle of the run", LIMIT, async () => {
    const { place, serving, endsAtMs } = outage;
    // The same run, or the one that follows it soon when the store was away for longer than requests are repeated.
    expect(
      await runThat(serving, ({ trigger, status }) => /call|retry/.test(trigger) && status === "complete"),
    ).toMatchObject({ calls: 1 });
    expect(performance.now()).toBeGreaterThan(endsAtMs);
    expect(storeProxy.faults()).toBeGreaterThan(0);
    expect(await requestsIn(place)).toHaveLength(1);
  });

  /** A receiver whose store went away while it answers a call. */
  interface Outage {
    readonly place: Place;
    readonly serving: Serving;
    /** As `performance.now` counts. */
    readonly endsAtMs: number;
  }

  async function beginOutage(): Promise<Outage> {
    const place = await freshPlace(storeProxy.url);
    const serving = await startServing(place);
    await change("outage");
    const begun = serving.process.says(/"trigger":"call".*run begins|run begins.*"trigger":"call"/);
    await backup(place, serving);
    await begun;
    const endsAtMs = performance.now() + AWAY_MS;
    storeProxy.fault = () => (performance.now() < endsAtMs ? "cut" : undefined);
    return { place, serving, endsAtMs };
  }

  /** A store, a repository, and whether backups say nothing. */
  interface Place {
    readonly store: TestStore;
    readonly repository: FreshRepository;
    readonly env: Readonly<Record<string, string>>;
    readonly silent?: boolean;
  }

  async function freshPlace(endpoint?: string): Promise<Place> {
    const { section, env } = await s3Store(await servers.minio());
    const gitea = await servers.gitea();
    const repository = await gitea.freshRepository();
    const store = { section: endpoint === undefined ? section : { ...section, endpoint }, env };
    return { store, repository, env: { GIT_TOKEN: gitea.token, WEBHOOK_KEY: KEY.reveal() } };
  }

  function sections({ store, repository }: Place): Readonly<Record<string, unknown>> {
    const { owner, name } = repository;
    return {
      cluster: CLUSTER,
      kubernetes: { kubeconfig: kube.kubeconfig },
      store: store.section,
      backup: { secrets: "omit", mirror: false },
      retry: { attempts: 10, delay: "300ms" },
      webhook: { keys: ["${WEBHOOK_KEY}"] },
      metrics: { port: 0 },
      gitops: {
        namespaces: [NAMESPACE],
        environments: { prod: {} },
        quietPeriod: "200ms",
        serve: { host: "127.0.0.1", port: 0, interval: "7d" },
        repository: { url: `${gitProxy.url}/${owner}/${name}.git`, platform: "gitea", token: "${GIT_TOKEN}" },
      },
    };
  }

  /** For one test: it goes with it. */
  async function serve(place: Place): Promise<Serving> {
    const serving = await startServing(place);
    running.add(serving);
    return serving;
  }

  async function startServing(place: Place): Promise<Serving> {
    const config = await writeConfig(sections(place));
    const process = await startKubeferry(["gitops", "serve", "--config", config], {
      env: { ...place.store.env, ...place.env },
    });
    const [text] = await process.says(/^.*receiver listens.*(?=\n)/m);
    const line = JSON.parse(text) as { readonly data: { readonly url: string; readonly inner: string } };
    return { process, webhook: `${line.data.url}/v1/backup-complete`, inner: line.data.inner };
  }

  async function runBackup(
    place: Place,
    to: Pick<Serving, "webhook"> | undefined,
    env: Readonly<Record<string, string>> = {},
  ) {
    const announce =
      to === undefined || place.silent ? {} : { announce: { via: "webhook", url: to.webhook, attempts: 1 } };
    const { gitops, ...rest } = sections(place);
    const { GIT_REPOSITORY } = env;
    const own = {
      ...rest,
      ...announce,
      gitops: GIT_REPOSITORY === undefined ? gitops : withUrl(gitops, GIT_REPOSITORY),
    };
    const config = await writeConfig(own);
    const { GIT_REPOSITORY: _, ...others } = env;
    return kubeferry(["backup", "--config", config, "--output", "json"], {
      env: { ...place.store.env, ...place.env, ...others },
    });
  }

  async function backup(place: Place, to: Pick<Serving, "webhook">) {
    const done = await runBackup(place, to);
    expect(done.code, done.stderr).toBe(0);
    return { report: jsonOf<BackupReport>(done), stderr: done.stderr };
  }

  /** Changes something in the cluster. */
  async function change(state: string): Promise<void> {
    const metadata = { name: "state", namespace: NAMESPACE };
    await kube.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { state } });
  }

  async function requestsIn({
    repository: { owner, name },
  }: Place): Promise<readonly { readonly body: string; readonly updated_at: string }[]> {
    const { json } = await (await servers.gitea()).api("GET", `/repos/${owner}/${name}/pulls?state=all`);
    return (json as { body: string; updated_at: string }[]).map(({ body, updated_at }) => ({ body, updated_at }));
  }

  /** As the one open request would merge it. */
  async function fileIn({ repository: { owner, name } }: Place, path: string): Promise<string> {
    const gitea = await servers.gitea();
    const { json } = await gitea.api("GET", `/repos/${owner}/${name}/pulls/1`);
    const { ref } = (json as { head: { ref: string } }).head;
    const file = await gitea.api("GET", `/repos/${owner}/${name}/contents/${path}?ref=${encodeURIComponent(ref)}`);
    return Buffer.from((file.json as { content: string }).content, "base64").toString("utf8");
  }
});

function withUrl(gitops: unknown, url: string): object {
  const { repository, ...rest } = gitops as { readonly repository: object };
  return { ...rest, repository: { ...repository, url, apiUrl: "http://127.0.0.1:9/api/v1" } };
}

function signedCall({
  key = KEY,
  timestamp = new Date(),
  body,
}: {
  readonly key?: Secret;
  readonly timestamp?: Date;
  readonly body?: string;
} = {}): RequestInit {
  const id = randomUUID();
  const text = body ?? JSON.stringify(completedEvent(COMPLETED, { id, now: timestamp, traceparent: undefined }));
  return {
    method: "POST",
    headers: {
      "content-type": "application/cloudevents+json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(timestamp.getTime() / 1000)),
      "webhook-signature": signCall({ id, timestamp, body: Buffer.from(text) }, key),
    },
    body: text,
  };
}

const COMPLETED = {
  format: 1,
  cluster: "example.internal/east",
  series: "default",
  snapshot: "example.internal/east/_snapshots/default/0000000001.json",
  sequence: 1,
  status: "complete",
  runId: "run-1",
  finishedAt: "2026-03-01T02:00:07Z",
  objects: 1,
  changed: 1,
  removed: 0,
} as const;

async function runsOf({ inner }: Serving): Promise<readonly SeenRun[]> {
  return ((await (await fetch(`${inner}/v1/runs`)).json()) as { runs: SeenRun[] }).runs;
}

/** Waits for the runs that came of so many calls. */
async function runsThatAnswer(calls: number, serving: Serving): Promise<readonly SeenRun[]> {
  for (;;) {
    const called = (await runsOf(serving)).filter(({ trigger, status }) => trigger === "call" && status !== "running");
    if (called.reduce((sum, run) => sum + run.calls, 0) >= calls) return called;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits for it; the test's own limit ends the waiting. */
async function runThat(serving: Serving, fits: (run: SeenRun) => boolean): Promise<SeenRun> {
  for (;;) {
    const found = (await runsOf(serving)).find(fits);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
