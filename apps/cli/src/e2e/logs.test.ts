import { spawnSync } from "node:child_process";
import { LogLine } from "@kubeferry/telemetry";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { type CliResult, kubeferry } from "../testing/cli.ts";
import { freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "logs", domain: "example.internal" };

describe.skipIf(missingServers("kube-apiserver", "minio"))("the log of a real run", { timeout: 60_000 }, () => {
  let kube: KubeApi;
  let user: string;
  let namespace: string;
  let store: TestStore;
  let result: CliResult;
  let lines: Line[];

  beforeAll(async () => {
    kube = await servers.kubeApi();
    namespace = await kube.freshNamespace("logs");
    user = await kube.kubeconfigFor(namespace);
    await kube.apply(role(namespace), binding(namespace), account(namespace));
    store = await freshStores.MinIO();
    const filter = {
      mode: "blacklist",
      namespaces: { include: [namespace] },
      resources: { exclude: ["configmaps", "customresourcedefinitions.apiextensions.k8s.io"] },
    };
    result = await backup({ store: store.section, backup: { filter }, log: { level: "debug" } });
    lines = linesOf(result);
  }, 60_000);

  it("is on every line what the published schema says", () => {
    expect(result.code, result.stderr).toBe(1);
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(line, JSON.stringify(line)).toMatchObject({ component: "backup" });
    expect(lines.filter(({ operation }) => operation === undefined)).toEqual([]);
  });

  it("begins with the cluster and the bucket", () => {
    expect(of("backup_start")).toMatchObject([
      { level: "info", cluster: "example.internal/logs", data: { bucket: store.section.bucket, parent: null } },
    ]);
  });

  it("says of each type how many were taken, left out and invalid, and where they lie", () => {
    const accounts = of("resource_backup_complete").filter(({ resource }) => resource === "serviceaccounts");
    expect(accounts).toMatchObject([
      {
        level: "info",
        cluster: "example.internal/logs",
        namespace,
        data: { backed_up: 1, invalid: 0, duration_ms: expect.any(Number) },
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it("says which types could not be listed, and why, as errors", () => {
    const secrets = of("resource_list").filter(({ resource, level }) => resource === "secrets" && level === "error");
    expect(secrets).toMatchObject([{ error: expect.stringMatching(/forbidden/i) }]);
  });

  it("says which types the filter left out, and by which rule", () => {
    const filtered = of("resource_filter").filter(({ resource }) => resource === "configmaps");
    expect(filtered).toMatchObject([{ data: { reason: "excluded_by_blacklist" } }]);
  });

  it("ends with the numbers of the run", () => {
    expect(of("snapshot_commit")).toHaveLength(1);
    expect(of("backup_complete")).toMatchObject([
      { level: "warn", data: { status: "partial", backed_up: expect.any(Number), unread: expect.any(Number) } },
    ]);
  });

  it("says that the store cannot be reached, as an error with its reason, and how the run of which cluster ended", async () => {
    const nowhere = { ...store.section, endpoint: "http://127.0.0.1:1" };
    const failed = await backup({ store: nowhere, retry: { attempts: 1 } });
    expect(failed.code).toBe(2);
    const [connect] = linesOf(failed).filter(({ operation }) => operation === "minio_connect");
    expect(connect).toMatchObject({ level: "error", error: expect.stringMatching(/ECONNREFUSED|connection refused/i) });
    const [end] = linesOf(failed).filter(({ operation }) => operation === "backup_complete");
    expect(end).toMatchObject({ level: "error", data: { status: "failed" }, error: expect.any(String) });
    expect([connect?.cluster, end?.cluster, JSON.parse(failed.stdout).cluster]).toEqual(
      Array(3).fill("example.internal/logs"),
    );
  });

  it.skipIf(missingServers("jq"))("is what the documented jq lines read, with the report on stdout between", () => {
    expect(jq('select(.level=="error") | .operation')).toContain('"resource_list"');
    const [data] = jq('select(.operation=="backup_complete") | .data').map((text) => JSON.parse(text) as object);
    expect(data).toMatchObject({ status: "partial", duration_ms: expect.any(Number) });
  });

  function of(operation: string): Line[] {
    return lines.filter((line) => line.operation === operation);
  }

  /** What `kubectl logs job/… | jq` sees: both streams of the container. */
  function jq(filter: string): string[] {
    const run = spawnSync("jq", ["-c", filter], { input: result.stderr + result.stdout });
    expect(run.stderr.toString()).toBe("");
    return run.stdout.toString().trim().split("\n");
  }

  async function backup(sections: Record<string, unknown>): Promise<CliResult> {
    const config = await writeConfig({ cluster: CLUSTER, kubernetes: { kubeconfig: user }, ...sections });
    return kubeferry(["backup", "--output", "json", "--config", config], { env: store.env });
  }
});

type Line = ReturnType<typeof LogLine.parse>;

function linesOf({ stderr }: CliResult): Line[] {
  return stderr
    .trim()
    .split("\n")
    .map((line) => LogLine.parse(JSON.parse(line)));
}

function role(name: string): object {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name },
    rules: [
      { apiGroups: [""], resources: ["namespaces", "serviceaccounts", "configmaps"], verbs: ["get", "list"] },
      { apiGroups: ["apps", "rbac.authorization.k8s.io"], resources: ["*"], verbs: ["get", "list"] },
    ],
  };
}

function binding(name: string): object {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
  };
}

function account(namespace: string): object {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: "robot" } };
}
