import { access, copyFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { BackupReport, GitOpsReport } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareRepository } from "../demo/bare-repository.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

type Many = { readonly clusters: readonly (BackupReport & { readonly error?: string })[] };

const once = { retry: { attempts: 1 }, log: { format: "json" } };

describe.skipIf(missingServers("kube-apiserver"))("several clusters in one configuration", () => {
  let east: FreshKubeApi;
  let west: FreshKubeApi;
  let folder: string;
  beforeAll(async () => {
    [east, west, folder] = await Promise.all([servers.freshKubeApi(), servers.freshKubeApi(), freshFolder()]);
    for (const [name, server] of Object.entries({ east, west })) {
      await server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: `only-${name}` } });
    }
  }, 120_000);
  afterAll(() => Promise.all([east.stop(), west.stop()]));

  async function configured(westKubeconfig = west.kubeconfig, more: object = {}): Promise<string> {
    return writeConfig({
      ...once,
      ...more,
      cluster: { domain: "example.internal" },
      store: { type: "folder", path: join(folder, "store") },
      backup: { mirror: true, secrets: "omit", filter: { mode: "whitelist", resources: { include: ["namespaces"] } } },
      clusters: [
        { name: "east", kubernetes: { kubeconfig: east.kubeconfig } },
        { name: "west", kubernetes: { kubeconfig: westKubeconfig }, store: { path: join(folder, "west-store") } },
      ],
    });
  }

  it("are each backed up into a place of their own", { timeout: 120_000 }, async () => {
    const result = await kubeferry(["backup", "-f", await configured(), "--output", "json"]);
    expect(result.code, result.stderr).toBe(0);
    const { clusters } = jsonOf<Many>(result);
    expect(clusters.map(({ cluster, status }) => [cluster, status])).toEqual([
      ["example.internal/east", "complete"],
      ["example.internal/west", "complete"],
    ]);
    for (const [name, store] of [
      ["east", "store"],
      ["west", "west-store"],
    ]) {
      const file = join(folder, `${store}`, `example.internal/${name}/_cluster/namespaces/only-${name}.yaml`);
      await access(file);
    }
  });

  it("are read from their own stores when both go into one repository", { timeout: 120_000 }, async () => {
    const repository = join(folder, "repository.git");
    const bare = await bareRepository(repository);
    const gitops = {
      namespaces: ["only-*"],
      repository: { url: repository },
      environments: { dev: { cluster: "example.internal/east" }, prod: { cluster: "example.internal/west" } },
    };
    const result = await kubeferry(["run", "-f", await configured(west.kubeconfig, { gitops }), "--output", "json"]);
    expect(result.code, result.stderr).toBe(0);
    const { clusters, gitops: report } = jsonOf<Many & { gitops: GitOpsReport }>(result);
    expect(clusters.map(({ status }) => status)).toEqual(["complete", "complete"]);
    expect(report.status).toBe("complete");
    const files = await bare.files(report.branch, "namespaces");
    expect(files).toContain("namespaces/only-east/dev/kustomization.yaml");
    expect(files).toContain("namespaces/only-west/prod/kustomization.yaml");
  });

  it("are one when one is asked for, and its report is what it always is", { timeout: 60_000 }, async () => {
    const config = await configured();
    const result = await kubeferry(["backup", "-f", config, "--cluster", "west", "--output", "json"]);
    expect(jsonOf<BackupReport>(result)).toMatchObject({ stage: "backup", cluster: "example.internal/west" });
    const unknown = await kubeferry(["backup", "-f", config, "--cluster", "north"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain(
      "no configured cluster is called so; there are example.internal/east, example.internal/west",
    );
  });

  it("never get each other's credentials", { timeout: 60_000 }, async () => {
    const seen: string[] = [];
    const listener = await listen((authorization) => seen.push(authorization));
    const { port } = listener.address() as AddressInfo;
    const kubeconfig = join(folder, "listener.kubeconfig");
    await writeFile(
      kubeconfig,
      JSON.stringify({
        "current-context": "west",
        contexts: [{ name: "west", context: { cluster: "west", user: "west" } }],
        clusters: [{ name: "west", cluster: { server: `http://127.0.0.1:${port}` } }],
        users: [{ name: "west", user: { token: "token-of-west" } }],
      }),
    );
    const result = await kubeferry(["backup", "-f", await configured(kubeconfig), "--output", "json"]);
    listener.close();
    expect(result.code).toBe(2);
    expect(jsonOf<Many>(result).clusters.map(({ status }) => status)).toEqual(["complete", "failed"]);
    expect(new Set(seen)).toEqual(new Set(["Bearer token-of-west"]));
    expect(result.stdout + result.stderr).not.toContain("token-of-west");
  });

  it("go on while one of them is down, and the exit code is the worst", { timeout: 120_000 }, async () => {
    // Its folder goes with it, and a cluster that is down still has a kubeconfig.
    const kept = join(folder, "west.kubeconfig");
    await copyFile(west.kubeconfig, kept);
    const config = await configured(kept);
    await west.stop();
    const result = await kubeferry(["backup", "-f", config, "--output", "json"]);
    expect(result.code).toBe(2);
    const [first, second] = jsonOf<Many>(result).clusters;
    expect(first).toMatchObject({ cluster: "example.internal/east", status: "complete" });
    expect(second).toMatchObject({ cluster: "example.internal/west", status: "failed", snapshot: "" });
    expect(second?.error).toMatch(/^kube: .*unavailable/);
    const asked = ["backup", "-f", config, "--explain", "namespaces/only-east", "--output", "json"];
    const explained = await kubeferry(asked);
    expect(explained.code).toBe(2);
    expect(jsonOf(explained)).toMatchObject({
      clusters: [
        { cluster: "example.internal/east", taken: true },
        { cluster: "example.internal/west", error: expect.stringMatching(/^kube: .*unavailable/) },
      ],
    });
    const failed = result.stderr.split("\n").filter((line) => line.includes('"status":"failed"'));
    expect(failed.map((line) => (JSON.parse(line) as { cluster: string }).cluster)).toEqual(["example.internal/west"]);

    const doctor = await kubeferry(["doctor", "-f", config]);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/^ok {4}example\.internal\/east: cluster: /m);
    expect(doctor.stdout).toMatch(/^FAIL {2}example\.internal\/west: cluster: /m);
  });
});

function listen(onRequest: (authorization: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    onRequest(request.headers.authorization ?? "");
    response.writeHead(500).end("{}");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
