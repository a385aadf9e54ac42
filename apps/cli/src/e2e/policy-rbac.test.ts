import { randomUUID } from "node:crypto";
import { connectKube } from "@kubeferry/kube";
import type { BackupReport } from "@kubeferry/model";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KUBERNETES_TYPES } from "../policy/kubernetes-types.ts";
import type { RbacManifest } from "../policy/rbac-manifests.ts";
import type { RbacRule } from "../policy/read-rights.ts";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const NARROW = {
  filter: {
    mode: "whitelist",
    resources: { include: ["configmaps", "deployments.apps", "namespaces"] },
    namespaces: { include: ["shop"] },
  },
};

describe.skipIf(missingServers("kube-apiserver"))("kubeferry policy rbac, on a real API server", () => {
  let kube: FreshKubeApi;
  beforeAll(async () => {
    kube = await servers.freshKubeApi();
    const metadata = { namespace: "shop" };
    await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await kube.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "backup-system" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, name: "a" }, data: { b: "c" } },
      { apiVersion: "v1", kind: "Secret", metadata: { ...metadata, name: "s" }, stringData: { b: "c" } },
      widgetDefinition(),
    );
  }, 60_000);
  afterAll(() => kube.stop());

  it.each([
    ["everything", {}, [], "secrets"],
    ["everything, type by type", {}, ["--from-cluster"], "secrets"],
    ["everything but Secrets, type by type", { secrets: "omit" }, ["--from-cluster"], "widgets"],
    ["some types of one namespace", NARROW, [], "configmaps"],
  ])("suffices for a backup of %s", { timeout: 120_000 }, async (_, backup, args, mayList) => {
    const { report, user } = await backUpAs(await printed(backup, args), backup);
    expect(report).toMatchObject({ status: "complete", unread: [], failures: [] });
    const group = mayList === "widgets" ? "example.com" : "";
    expect(await may(user, { verb: "list", resource: mayList, group, namespace: "shop" })).toBe(true);
    for (const verb of ["create", "update", "delete", "watch"]) {
      expect(await may(user, { verb, resource: "configmaps", group: "", namespace: "shop" })).toBe(false);
    }
    if (backup === NARROW) expect(await may(user, { verb: "list", resource: "secrets", group: "" })).toBe(false);
  });

  it.each([
    ["on request", ["--from-cluster"]],
    ["without asking the cluster", []],
  ])("gives no right on Secrets where they are omitted, %s", { timeout: 120_000 }, async (_, args) => {
    const manifests = await printed({ secrets: "omit" }, args);
    const rules = manifests.flatMap(({ rules = [] }) => rules);
    expect(rules.length).toBeGreaterThan(10);
    for (const { resources } of rules) expect(resources).not.toContain("*");
    expect(rules.flatMap(({ resources }) => resources)).not.toContain("secrets");
  });

  it("prints no rule that a backup could do without", { timeout: 120_000 }, async () => {
    const whole = await printed(NARROW, []);
    const rules = whole.flatMap(({ kind, rules = [] }) => rules.map((rule) => [kind, rule] as const));
    expect(rules.length).toBeGreaterThan(3);
    const needless: RbacRule[] = [];
    for (const [, rule] of rules) {
      const less = whole.map((each) =>
        each.rules === undefined ? each : { ...each, rules: each.rules.filter((other) => other !== rule) },
      );
      const outcome = await backUpAs(less, NARROW).catch(() => undefined);
      if (outcome?.report.status === "complete") needless.push(rule);
    }
    expect(needless).toEqual([]);
  });

  it("knows every type of Kubernetes' own, and which live in namespaces", async () => {
    const own = new Set(KUBERNETES_TYPES.map(({ group }) => group));
    const known = KUBERNETES_TYPES.map(({ group, resource, kind, namespaced }) =>
      JSON.stringify({ group, resource, kind, namespaced }),
    );
    const served = (await servedTypes()).filter(({ group }) => own.has(group) || group.endsWith("k8s.io"));
    expect(served.length).toBeGreaterThan(50);
    for (const type of served) expect(known).toContain(JSON.stringify(type));
  });

  async function printed(backup: object, args: readonly string[]): Promise<readonly RbacManifest[]> {
    const name = `policy-${randomUUID()}`;
    const config = await configFor(kube.kubeconfig, backup);
    const common = ["--name", name, "--service-account", `backup-system/${name}`, "--output", "json"];
    const result = await kubeferry(["policy", "rbac", "--config", config, ...common, ...args]);
    return jsonOf<{ items: RbacManifest[] }>(result).items;
  }

  /** Runs as the service account once its rights are known everywhere in the API server. */
  async function backUpAs(manifests: readonly RbacManifest[], backup: object) {
    // Names of its own: rights of a case before would count too.
    const name = `run-${randomUUID()}`;
    const objects = JSON.parse(
      JSON.stringify(manifests).replaceAll(manifests[0]?.metadata.name ?? "", name),
    ) as RbacManifest[];
    for (const each of objects) await kube.apply(each as never);
    const user = `system:serviceaccount:backup-system:${name}`;
    for (const { metadata, rules = [] } of objects) {
      for (const rule of rules) await untilMay(user, rule, metadata.namespace);
    }
    const kubeconfig = await kube.kubeconfigFor(user, ["system:serviceaccounts"]);
    const report: BackupReport = await runTestBackup(await configFor(kubeconfig, backup), {});
    return { report, user };
  }

  async function configFor(kubeconfig: string, backup: object): Promise<string> {
    return writeConfig({
      cluster: { name: "rights", domain: "example.internal" },
      kubernetes: { kubeconfig },
      store: { type: "folder", path: await freshFolder() },
      backup,
    });
  }

  async function untilMay(user: string, { apiGroups, resources, resourceNames, verbs }: RbacRule, namespace?: string) {
    const asked = { verb: verbs[0] ?? "", group: apiGroups[0] ?? "", resource: resources.at(-1) ?? "" };
    const where = {
      ...(namespace === undefined ? {} : { namespace }),
      ...(resourceNames === undefined ? {} : { name: resourceNames[0] ?? "" }),
    };
    await expect.poll(() => may(user, { ...asked, ...where }), { timeout: 20_000, interval: 50 }).toBe(true);
  }

  async function may(user: string, resourceAttributes: Readonly<Record<string, string>>): Promise<boolean> {
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const body = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, resourceAttributes },
    };
    return JSON.parse((await kube.request("POST", path, body)).body).status.allowed;
  }

  async function servedTypes(): Promise<{ group: string; resource: string; kind: string; namespaced: boolean }[]> {
    const api = await connectKube({ kubeconfig: kube.kubeconfig });
    try {
      const { types } = await api.discover(testCall);
      return types.map(({ group, resource, kind, namespaced }) => ({ group, resource, kind, namespaced }));
    } finally {
      await api.close();
    }
  }
});
