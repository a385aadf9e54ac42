import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { testCall } from "../testing/call.ts";
import { kubeferry } from "../testing/cli.ts";
import { type ReceiverProcess, type RunRow, startReceiver } from "../testing/receiver-process.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, freshStores, writeConfig } from "../testing/workspace.ts";

const SOON = { timeout: 40_000, interval: 100 };
const NOWHERE = { host: "127.0.0.1", port: 0 };

describe.skipIf(missingServers("minio", "gitea"))("gitops serve, from MinIO to Gitea", { timeout: 90_000 }, () => {
  let replay: ReplayServer;
  let sections: Record<string, unknown>;
  let env: Record<string, string>;
  let keyFile: string;
  let pulls: () => Promise<readonly { readonly html_url: string; readonly body: string }[]>;

  beforeAll(async () => {
    const gitea = await servers.gitea();
    const { owner, name, cloneUrl } = await gitea.freshRepository();
    pulls = async () =>
      (await gitea.api("GET", `/repos/${owner}/${name}/pulls`)).json as Awaited<ReturnType<typeof pulls>>;
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
    const folder = await freshFolder();
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    keyFile = join(folder, "webhook.key");
    await writeFile(keyFile, `whsec_${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
    const store = await freshStores.MinIO();
    env = { ...store.env, GIT_TOKEN: gitea.token };
    const repository = { url: cloneUrl, platform: "gitea", token: "${GIT_TOKEN}" };
    sections = {
      cluster: { name: "small", domain: "example.internal" },
      kubernetes: { kubeconfig },
      store: store.section,
      webhook: { keys: [`\${file:${keyFile}}`] },
      metrics: NOWHERE,
      gitops: { namespaces: ["shop"], repository, quietPeriod: "0s", serve: { ...NOWHERE, interval: "1h" } },
    };
  }, 60_000);
  afterAll(() => replay.close());

  it("opens a pull request when a call comes, signed as the page says; stopped, it ends with 0", async () => {
    const config = await writeConfig(sections);
    const receiver = await startReceiver(config, env);
    try {
      // Before the first backup there is nothing to read, and it is ready: it can be called.
      await vi.waitFor(async () => expect((await fetch(`${receiver.inner}/readyz`)).status).toBe(200), SOON);
      const [start] = await ended(receiver, 1);
      expect(start).toMatchObject({ trigger: "start", status: "failed", calls: 0 });
      expect(start?.error).toContain("no-snapshot");
      const [end, ...more] = receiver.log.filter(({ operation }) => operation === "gitops_complete");
      expect([end, more]).toMatchObject([{ level: "error", run_id: start?.id, data: { status: "failed" } }, []]);

      expect(await kubeferry(["backup", "--config", config], { env })).toMatchObject({ code: 0 });
      expect(await callByHand(receiver.url, keyFile)).toBe('{"run":"queued"}');
      const [called] = await ended(receiver, 2);
      expect(called).toMatchObject({ trigger: "call", status: "complete", calls: 1, clusters: ["company.local/east"] });
      const [pull, ...others] = await pulls();
      expect(others).toEqual([]);
      expect(called?.requests).toEqual([pull?.html_url]);
      expect(called?.snapshots).toEqual([expect.stringContaining("example.internal/small/_snapshots/default/")]);
      expect(pull?.body).toContain(called?.traceId);
      expect((await fetch(receiver.url.replace("/v1/backup-complete", "/v1/runs"))).status).toBe(404);
    } finally {
      expect(await receiver.kill("SIGTERM")).toBe(0);
    }
    for (const line of receiver.log)
      expect(JSON.stringify(line)).not.toContain((await readFile(keyFile, "utf8")).trim());
  });

  it("lets doctor see whether calls of a backup would be taken, without a run", async () => {
    const receiver = await startReceiver(await writeConfig(sections), env);
    const doctor = async (webhook: object): Promise<string> => {
      const announce = { via: "webhook", url: receiver.url };
      const { gitops: _, ...backup } = sections;
      const config = await writeConfig({ ...backup, webhook, announce });
      return (await kubeferry(["doctor", "--config", config], { env })).stdout;
    };
    try {
      await ended(receiver, 1);
      expect(await doctor(sections.webhook as object)).toContain(
        `ok    announce: webhook: ${receiver.url} takes calls`,
      );
      const other = await doctor({ keys: [`whsec_${randomBytes(32).toString("base64")}`] });
      expect(other).toMatch(/FAIL {2}announce: webhook: .*the receiver answered 401.*\n +next: compare webhook\.keys/);
      await ended(receiver, 1);
    } finally {
      await receiver.kill("SIGTERM");
    }
    expect(await doctor(sections.webhook as object)).toMatch(/FAIL {2}announce: webhook: .*no answer.*\n +next: /);
  });

  it("ends when a run does that neither ends in its time nor by a signal, and says so", async () => {
    const config = await writeConfig({
      ...sections,
      shutdownTimeout: "1s",
      gitops: { ...(sections.gitops as object), serve: { ...NOWHERE, runTimeout: "1s" } },
    });
    expect(await kubeferry(["backup", "--config", config], { env })).toMatchObject({ code: expect.any(Number) });
    const git = await deafGit();
    const receiver = await startReceiver(config, { ...env, PATH: git.path });
    try {
      expect(await receiver.ended).toBe(2);
      const [run] = receiver.log.filter(({ operation }) => operation === "gitops_complete");
      expect(run).toMatchObject({ level: "error", message: "could not run", data: { status: "failed" } });
      expect(receiver.stderr().split("\n").at(-1)).toContain("gitops: run: stuck: it was given up after 1 s");
    } finally {
      await git.end();
    }
  });

  it("does not start without a key", async () => {
    const config = await writeConfig({ ...sections, webhook: {} });
    const { code, stderr } = await kubeferry(["gitops", "serve", "--config", config], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining("webhook.keys is empty: anybody could call")]);
  });
});

/** A `git` that hangs where it is to fetch, and that no signal ends but the last. */
async function deafGit(): Promise<{ readonly path: string; end(): Promise<void> }> {
  const folder = await freshFolder();
  const real = process.env.PATH ?? "";
  const ids = join(folder, "ids");
  const script = `#!/bin/sh
if [ "$1" = fetch ]; then trap '' TERM INT; echo $$ >> '${ids}'; exec sleep 600; fi
PATH='${real}' exec git "$@"
`;
  await writeFile(join(folder, "git"), script, { mode: 0o755 });
  return {
    path: `${folder}${delimiter}${real}`,
    async end() {
      for (const id of (await readFile(ids, "utf8")).trim().split("\n")) process.kill(Number(id), "SIGKILL");
    },
  };
}

/** So many runs, the newest first, once none of them is under way. */
function ended(receiver: ReceiverProcess, count: number): Promise<readonly RunRow[]> {
  return vi.waitFor(async () => {
    const runs = await receiver.runs();
    expect(runs.filter(({ finishedAt }) => finishedAt !== null)).toHaveLength(count);
    return runs;
  }, SOON);
}

/** The lines of the page. */
async function callByHand(url: string, keyFile: string): Promise<string> {
  const page = await readFile(join(import.meta.dirname, "../../../../docs/serve.md"), "utf8");
  const lines = /```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const env = { PATH: process.env.PATH, RECEIVER: new URL(url).origin, KEY_FILE: keyFile };
  const { stdout } = await promisify(execFile)("sh", ["-e", "-c", lines], { env });
  return stdout;
}
