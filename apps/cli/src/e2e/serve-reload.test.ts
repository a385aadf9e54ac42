import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { completedEvent, signCall } from "@kubeferry/announce";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { Secret } from "@kubeferry/model";
import { type FreshRepository, type GiteaServer, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { type StartedCli, startKubeferry } from "../testing/cli.ts";
import { type MountedFolder, mountedFolder } from "../testing/mounted-folder.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };

describe.skipIf(missingServers("gitea"))("gitops serve, whose credentials are rotated while it runs", () => {
  const keys = { old: newKey(), new: newKey() };
  let gitea: GiteaServer;
  let repository: FreshRepository;
  let mounted: MountedFolder;
  let replays: readonly ReplayServer[];
  let storePath: string;
  let serve: StartedCli;
  let url: { readonly webhook: string; readonly inner: string };

  beforeAll(async () => {
    gitea = await servers.gitea();
    repository = await gitea.freshRepository();
    const states = [await smallCluster("before"), await smallCluster("after")];
    replays = await Promise.all(states.map((state) => serveSnapshot(state, { port: 0 }, testCall)));
    storePath = await freshFolder();
    await backUp(0);
    mounted = await mountedFolder({ token: await newToken("old"), key: keys.old.reveal() });
    const config = await writeConfig({
      cluster: CLUSTER,
      store: { type: "folder", path: storePath },
      metrics: { port: 0 },
      webhook: { keys: [`\${file:${mounted.path}/key}`] },
      gitops: {
        namespaces: ["shop"],
        repository: { url: repository.cloneUrl, platform: "gitea", token: `\${file:${mounted.path}/token}` },
        quietPeriod: "0s",
        serve: { port: 0, interval: "1h" },
      },
    });
    serve = await startKubeferry(["gitops", "serve", "--config", config]);
    const [line] = await serve.says(/^\{.*"message":"receiver listens".*\}$/m);
    const { data } = JSON.parse(line);
    url = { webhook: data.url, inner: data.inner };
  }, 120_000);
  afterAll(async () => {
    serve?.kill("SIGKILL");
    await Promise.all((replays ?? []).map((replay) => replay.close()));
  });

  it("keeps a bad file out, uses a good one from the next call and the next run on, and ends on SIGTERM", {
    timeout: 90_000,
  }, async () => {
    await serve.says(/"message":"run ended".*"status":"complete"/);
    expect(await callWith(keys.old)).toBe(202);

    await mounted.swap({ token: "any", key: "no key" });
    await serve.says(/"level":"error".*"operation":"config_reload"/);
    expect((await fetch(`${url.inner}/readyz`)).status).toBe(200);
    expect(await callWith(keys.old)).toBe(202);

    await mounted.swap({ token: await newToken("new"), key: keys.new.reveal() });
    await serve.says(/"level":"info".*"operation":"config_reload"/);
    await revoke("old");
    expect(await callWith(keys.old)).toBe(401);
    await backUp(1);
    const before = await commits();
    expect(await callWith(keys.new)).toBe(202);
    await until(async () => (await commits()).join() !== before.join());
    await until(async () => (await runs())[0]?.status === "complete");

    serve.kill("SIGTERM");
    const ended = await serve.ended;
    expect(ended).toMatchObject({ code: 0, stdout: "" });
    const said = ended.stderr.split("\n").filter((line) => line.includes('"operation":"config_reload"'));
    expect(said.map((line) => JSON.parse(line).data?.changed)).toEqual([
      undefined,
      ["webhook.keys", "gitops.repository.token"],
    ]);
    for (const key of Object.values(keys)) expect(ended.stderr).not.toContain(key.reveal());
  });

  async function backUp(state: number): Promise<void> {
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replays[state]?.kubeconfig ?? "");
    const store = { type: "folder", path: storePath };
    await runTestBackup(await writeConfig({ cluster: CLUSTER, kubernetes: { kubeconfig }, store }), {});
  }

  async function callWith(key: Secret): Promise<number> {
    const event = completedEvent(
      {
        format: 1,
        cluster: "example.internal/small",
        series: "default",
        snapshot: "example.internal/small/_snapshots/default/0000000001.json",
        sequence: 1,
        status: "complete",
        runId: randomUUID(),
        finishedAt: new Date().toISOString(),
        objects: 1,
        changed: 1,
        removed: 0,
      },
      { id: randomUUID(), now: new Date(), traceparent: `00-${hex(16)}-${hex(8)}-01` },
    );
    const [id, timestamp, body] = [randomUUID(), new Date(), JSON.stringify(event)];
    const { status } = await fetch(`${url.webhook}/v1/backup-complete`, {
      method: "POST",
      headers: {
        "content-type": "application/cloudevents+json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(timestamp.getTime() / 1000)),
        "webhook-signature": signCall({ id, timestamp, body: Buffer.from(body) }, key),
      },
      body,
    });
    return status;
  }

  async function commits(): Promise<readonly string[]> {
    const { json } = await gitea.api("GET", `/repos/${repository.owner}/${repository.name}/branches`);
    return (json as { commit: { id: string } }[]).map(({ commit }) => commit.id).toSorted();
  }

  async function runs(): Promise<readonly { readonly status: string }[]> {
    return ((await (await fetch(`${url.inner}/v1/runs`)).json()) as { runs: { status: string }[] }).runs;
  }

  async function newToken(name: string): Promise<string> {
    const scopes = ["write:repository", "write:issue", "read:user"];
    const answer = await asAdministrator("POST", "", { name: tokenName(name), scopes });
    return ((await answer.json()) as { sha1: string }).sha1;
  }

  async function revoke(name: string): Promise<void> {
    expect((await asAdministrator("DELETE", `/${tokenName(name)}`)).status).toBe(204);
  }

  function tokenName(name: string): string {
    return `${repository.name}-${name}`;
  }

  /** Tokens are made and revoked with the password only. */
  function asAdministrator(method: string, path: string, body?: object): Promise<Response> {
    const basic = Buffer.from(`${gitea.user}:${gitea.password}`).toString("base64");
    return fetch(`${gitea.url}/api/v1/users/${gitea.user}/tokens${path}`, {
      method,
      headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
});

function newKey(): Secret {
  return new Secret(`whsec_${randomBytes(32).toString("base64")}`);
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}
