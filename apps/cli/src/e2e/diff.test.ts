import { join } from "node:path";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const TIMEOUT = 120_000;

describe.skipIf(missingServers("kube-apiserver"))("kubeferry diff and history, on a real API server", () => {
  let server: KubeApi;
  let namespace: string;
  let config: string;
  let store: string;

  const deployment = (replicas: number) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1", resources: { limits: { cpu: "1000m", memory: "1Gi" } } }] },
      },
    },
  });
  const secret = (password: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace },
    stringData: { password },
  });

  async function tickStatus(observedGeneration: number): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
    const { body } = await server.request("GET", path);
    const live = { ...JSON.parse(body), status: { observedGeneration, replicas: 1 } };
    const { status } = await server.request("PUT", `${path}/status`, live);
    expect(status).toBe(200);
  }

  const configFor = (kubeconfig: string) =>
    writeConfig({
      store: { type: "folder", path: store },
      cluster: { name: "wrl62", domain: "crc.testing" },
      kubernetes: { kubeconfig },
      backup: { secrets: "plain", filter: { namespaces: { include: [namespace] } } },
    });

  const diff = (...args: string[]) => kubeferry(["diff", ...args, "-n", namespace, "-f", config]);

  beforeAll(async () => {
    server = await servers.kubeApi();
    namespace = await server.freshNamespace();
    store = join(await freshFolder(), "store");
    config = await configFor(server.kubeconfig);
    await server.apply(deployment(1), secret("hunter2"));
    await runTestBackup(config, {});
    await tickStatus(1);
    await runTestBackup(config, {});
    await server.apply(deployment(3), secret("swordfish"));
    await runTestBackup(config, {});
  }, TIMEOUT);

  it("do not show a status that ticks: 0", { timeout: TIMEOUT }, async () => {
    const same = await diff("latest~2", "latest~1");
    expect(same.stdout).toContain("no difference");
    expect(same.code).toBe(0);
  });

  it("show what was changed, and no value of a Secret: 3", { timeout: TIMEOUT }, async () => {
    const changed = await diff("1", "latest", "--color", "always");
    expect(changed.code, changed.stderr).toBe(3);
    expect(changed.stdout).toContain("\u001b[33m        /spec/replicas: 1 → 3\u001b[0m");
    expect(changed.stdout).toContain("/data/password: changed (hidden)");
    expect(changed.stdout).toContain("0 added, 0 removed, 2 changed");
    const unified = await diff("1", "latest", "--output", "unified");
    expect(unified.stdout).toContain("-  replicas: 1\n+  replicas: 3\n");
    const json = await diff("1", "latest", "--output", "json");
    expect(jsonOf(json)).toMatchObject({ summary: { added: 0, removed: 0, changed: 2 } });
    for (const { stdout } of [changed, unified, json]) {
      for (const value of ["hunter2", "swordfish"]) {
        expect(stdout).not.toContain(value);
        expect(stdout).not.toContain(Buffer.from(value).toString("base64"));
      }
    }
  });

  it("compare with the cluster as it is now, -2h being no option", { timeout: TIMEOUT }, async () => {
    const now = await diff("latest", "live");
    expect(now.stdout).toContain("no difference");
    expect(now.code, now.stdout + now.stderr).toBe(0);
    const early = await diff("-2h", "live");
    expect(early.code).toBe(2);
    expect(early.stderr).toContain("the series holds none that was finished by then");
  });

  it("say that a type could not be read, and are not sure then: 2", { timeout: TIMEOUT }, async () => {
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: `${namespace}-r` },
    };
    const binding = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: role.metadata };
    await server.apply(
      { ...role, rules: [{ apiGroups: [""], resources: ["namespaces", "configmaps"], verbs: ["get", "list"] }] },
      {
        ...binding,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: namespace }],
      },
    );
    const own = await configFor(await server.kubeconfigFor(namespace, []));
    const asked = ["latest", "live", "-n", namespace, "--include-resources", "secrets", "-f", own];
    const unsure = await kubeferry(["diff", ...asked]);
    expect(unsure.code, unsure.stderr).toBe(2);
    expect(unsure.stdout).toContain("not compared: secrets: ");
    expect((await kubeferry(["diff", ...asked, "--accept-unread"])).code).toBe(0);
  });

  it("refuse what names no side, and two forms at once", { timeout: TIMEOUT }, async () => {
    const nonsense = await diff("yesterday", "live");
    expect(nonsense).toMatchObject({ code: 2, stdout: "" });
    expect(nonsense.stderr).toContain('"yesterday" names no snapshot');
    expect(await diff("1", "2", "--stat", "--output", "json")).toMatchObject({ code: 2, stdout: "" });
  });

  it("tell when an object changed, by any of kubectl's words for its type", { timeout: TIMEOUT }, async () => {
    for (const word of ["deploy", "deployment.apps"]) {
      const told = await kubeferry(["history", `${word}/web`, "-n", namespace, "-f", config]);
      expect(told.code, told.stderr).toBe(0);
      expect(told.stdout).toMatch(/^#1 {2}\S+ {2}first-seen\n#3 {2}\S+ {2}changed\n {4}\/spec\/replicas: 1 → 3\n$/);
    }
    const last = await kubeferry([
      "history",
      "secret/db",
      "-n",
      namespace,
      "--limit",
      "1",
      "--output",
      "json",
      "-f",
      config,
    ]);
    expect(jsonOf(last)).toMatchObject({
      object: `secrets ${namespace}/db`,
      events: [{ sequence: 3, what: "changed", fields: [{ path: "/data/password", kind: "changed", hidden: true }] }],
    });
    const none = await kubeferry(["history", "deploy/absent", "-n", namespace, "-f", config]);
    expect(none).toMatchObject({ code: 2, stdout: "" });
  });
});
