import { randomUUID } from "node:crypto";
import type { BackupReport } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { processesOf } from "../../testing/chart/processes-of.ts";
import { type ChartObject, type PolicyRule, renderChart } from "../../testing/chart/render-chart.ts";
import { kubeferry } from "../../testing/cli.ts";
import { runTestBackup } from "../../testing/run-backup.ts";
import { freshFolder, writeConfig } from "../../testing/workspace.ts";

const CLUSTER = { name: "rights", domain: "example.internal" };
const GROUPS = "rbac.apiGroups={example.com}";

describe.skipIf(missingServers("kube-apiserver", "helm"))("the rights that the chart gives to a backup", () => {
  let kube: FreshKubeApi;
  beforeAll(async () => {
    kube = await servers.freshKubeApi();
    await kube.apply(
      ...["shop", "shop-jobs"].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    );
    const metadata = { name: "a", namespace: "shop" };
    await kube.apply(
      { apiVersion: "v1", kind: "ConfigMap", metadata, data: { b: "c" } },
      { apiVersion: "v1", kind: "Secret", metadata, stringData: { b: "c" } },
      widgetType(),
      authorizationType(),
    );
  }, 90_000);
  afterAll(() => kube.stop());

  it.each([
    ["everything", "separate", []],
    ["everything but Secrets", "openshift", [GROUPS]],
    ["some types of some namespaces", "some-namespaces", []],
    [
      "some types, of which one has no namespace",
      "some-namespaces",
      ["config.backup.filter.resources.include={configmaps.core,namespaces.core}"],
    ],
  ])("suffice for %s", { timeout: 60_000 }, async (_what, example, set) => {
    const release = await install(example, set);
    expect(await backUp(release)).toMatchObject({ status: "complete", unread: [], failures: [] });
  });

  it("have none on Secrets where they are omitted, and none but to list", { timeout: 60_000 }, async () => {
    const release = await install("openshift", [GROUPS]);
    await expect.poll(() => may(release, "list", "configmaps"), { timeout: 20_000 }).toBe(true);
    for (const verb of ["get", "list", "watch"]) expect(await may(release, verb, "secrets")).toBe(false);
    for (const verb of ["get", "watch", "create", "update", "patch", "delete"])
      expect(await may(release, verb, "configmaps")).toBe(false);
  });

  it("have no rule that a backup could do without", { timeout: 90_000 }, async () => {
    const release = await install("openshift", [GROUPS]);
    const [role] = release.roles;
    const rules = role?.rules ?? [];
    expect(rules.map(({ verbs }) => verbs)).toEqual([["get"], ["get"], ["list"], ["list"], ["list"]]);
    const without = async (rule: PolicyRule | undefined): Promise<BackupReport> => {
      await kube.apply({ ...role, rules: rules.filter((other) => other !== rule) } as ChartObject);
      await expect.poll(() => mayBy(release, rule), { timeout: 20_000, interval: 50 }).toBe(false);
      return backUp(release);
    };
    const [identity, , core, oauth, groups] = rules;
    await expect(without(identity)).rejects.toThrow("identify the cluster by namespace kube-system: forbidden");
    // What is unread is what the rule names: no name stands in it for nothing.
    const skipped = ["componentstatuses", "events"];
    expect((await without(core)).unread.map(({ resource }) => resource).toSorted()).toEqual(
      core?.resources.filter((resource) => !skipped.includes(resource)),
    );
    const ofOAuth = ["oauthclientauthorizations.oauth.openshift.io"];
    expect((await without(oauth)).unread.map(({ resource }) => resource)).toEqual(ofOAuth);
    const unread = (await without(groups)).unread.map(({ resource }) => resource);
    expect(unread).toContain("widgets.example.com");
    expect(unread).toContain("deployments.apps");
    expect(unread).not.toContain("configmaps");
  });

  it("suffice for drift too, without one on Secrets where a backup omits them", { timeout: 60_000 }, async () => {
    const drift = await installDrift("openshift", [GROUPS]);
    expect(await drift.look()).toMatchObject({ code: 0, stderr: "" });
    expect(await may(drift.release, "list", "secrets")).toBe(false);
  });

  it("have no verb for drift that it could do without, in namespaces either", { timeout: 90_000 }, async () => {
    const { release, look } = await installDrift("some-namespaces", []);
    expect(await look()).toMatchObject({ code: 0 });
    const [whole, inShop] = release.roles;
    expect(inShop).toMatchObject({ kind: "Role", metadata: { namespace: "shop" } });
    expect([whole, inShop].map((role) => role?.rules?.[0]?.verbs)).toEqual([["get"], ["list"]]);
    for (const role of [inShop, whole]) {
      const [rule, ...others] = role?.rules ?? [];
      await kube.apply({ ...role, rules: others } as ChartObject);
      const where = role?.metadata.namespace;
      await expect.poll(() => mayBy(release, rule, where), { timeout: 20_000, interval: 50 }).toBe(false);
      expect(await look(), JSON.stringify(rule)).toMatchObject({ code: 2 });
      await kube.apply(role as ChartObject);
    }
  });

  it("tell which cluster of OpenShift it is", { timeout: 60_000 }, async () => {
    await kube.apply(infrastructureType());
    const infrastructure = {
      apiVersion: "config.openshift.io/v1",
      kind: "Infrastructure",
      metadata: { name: "cluster" },
    };
    await kube.apply(infrastructure);
    const status = { status: { infrastructureName: "crc-wrl62" } };
    const path = "/apis/config.openshift.io/v1/infrastructures/cluster";
    await kube.request("PATCH", path, status, { "content-type": "application/merge-patch+json" });
    const release = await install("openshift", [GROUPS]);
    const found = await backUp(release, { domain: "example.internal" });
    expect(found.cluster).toBe("example.internal/crc-wrl62");
    const [role] = release.roles;
    const rules = role?.rules ?? [];
    await kube.apply({ ...role, rules: rules.toSpliced(1, 1) } as ChartObject);
    await expect.poll(() => mayBy(release, rules[1]), { timeout: 20_000, interval: 50 }).toBe(false);
    const unknown = await backUp(release, { domain: "example.internal" });
    expect(unknown.cluster).toMatch(/^example\.internal\/cluster-/);
  });

  it("suffice to make the Job of stage 2, in its namespace", { timeout: 60_000 }, async () => {
    const release = await install("job", []);
    const config = await writeConfig({
      cluster: { name: "job", domain: "example.internal" },
      kubernetes: { kubeconfig: release.kubeconfig },
      store: { type: "folder", path: await freshFolder() },
      backup: { mirror: false },
      announce: { ...release.announce, attempts: 1 },
    });
    const result = await kubeferry(["backup", "--config", config, "--output", "json"]);
    expect(result.code, result.stderr).toBe(0);
    const { items } = JSON.parse(
      (await kube.request("GET", `/apis/batch/v1/namespaces/${release.namespace}/jobs`)).body,
    );
    expect(items).toMatchObject([{ metadata: { ownerReferences: [{ kind: "CronJob", name: "r-kubeferry-gitops" }] } }]);
    expect(await may(release, "create", "jobs", { group: "batch", namespace: "shop" })).toBe(false);
  });

  it("are unread, not absent, where a group of custom resources is not named", { timeout: 60_000 }, async () => {
    const report = await backUp(await install("openshift", []));
    expect(report.status).toBe("partial");
    expect(report.unread.map(({ resource }) => resource)).toEqual(["widgets.example.com"]);
  });

  interface Release {
    readonly namespace: string;
    readonly user: string;
    readonly kubeconfig: string;
    readonly roles: readonly ChartObject[];
    readonly backup: object;
    readonly announce: object;
  }

  /** Applies the roles of an example, in a namespace of its own. @returns its ServiceAccount as a user */
  async function install(example: string, set: readonly string[], component = "backup"): Promise<Release> {
    const namespace = `kf-${randomUUID()}`;
    const objects = await renderChart({ example, namespace, set });
    const own = objects.filter(
      ({ apiVersion, metadata }) =>
        apiVersion === "rbac.authorization.k8s.io/v1" && new RegExp(`-${component}(-announce)?$`).test(metadata.name),
    );
    await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await kube.apply(...own, ...objects.filter(({ kind }) => kind === "CronJob"));
    const [process] = processesOf(objects).filter(({ name }) => name.endsWith(`-${component}`));
    const user = `system:serviceaccount:${namespace}:${process?.pod.serviceAccountName}`;
    const { backup = {}, announce = {} } = parse(process?.configuration ?? "") as Partial<Release>;
    const release = {
      namespace,
      user,
      kubeconfig: await kube.kubeconfigFor(user, ["system:serviceaccounts", `system:serviceaccounts:${namespace}`]),
      roles: own.filter(({ kind }) => kind.endsWith("Role")),
      backup,
      announce,
    };
    for (const role of release.roles)
      for (const rule of role.rules ?? [])
        await expect
          .poll(() => mayBy(release, rule, role.metadata.namespace), { timeout: 20_000, interval: 50 })
          .toBe(true);
    return release;
  }

  /** A release whose drift compares the cluster with what its backup took just now. */
  async function installDrift(example: string, set: readonly string[]) {
    const release = await install(example, [...set, "drift.enabled=true"], "drift");
    const { backup, kubeconfig } = release;
    const config = {
      cluster: { ...CLUSTER, name: `drift-of-${example}` },
      store: { type: "folder", path: await freshFolder() },
      backup: { ...backup, mirror: false },
    };
    await runTestBackup(await writeConfig({ ...config, kubernetes: { kubeconfig: kube.kubeconfig } }), {});
    const file = await writeConfig({ ...config, kubernetes: { kubeconfig } });
    return { release, look: () => kubeferry(["drift", "--against", "snapshot", "--config", file]) };
  }

  async function backUp({ kubeconfig, backup }: Release, cluster: object = CLUSTER): Promise<BackupReport> {
    const config = await writeConfig({
      cluster,
      kubernetes: { kubeconfig },
      store: { type: "folder", path: await freshFolder() },
      backup: { ...backup, mirror: false },
    });
    return runTestBackup(config, {});
  }

  /** Whether the last thing that the rule names is allowed. */
  function mayBy(release: Release, rule: PolicyRule | undefined, namespace = ""): Promise<boolean> {
    const [group = "", resource = "", name = ""] = [rule?.apiGroups, rule?.resources, rule?.resourceNames].map(
      (names) => names?.at(-1),
    );
    return may(release, rule?.verbs[0] ?? "", resource, { group, name, namespace });
  }

  async function may({ user }: Release, verb: string, resource: string, more: object = {}): Promise<boolean> {
    const body = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, resourceAttributes: { verb, resource, ...more } },
    };
    const answer = await kube.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body);
    return JSON.parse(answer.body).status.allowed;
  }
});

function widgetType() {
  return customType("example.com", { plural: "widgets", kind: "Widget" }, "Namespaced");
}

/** Of a group that a role names type by type where values of Secrets are not backed up. */
function authorizationType() {
  const names = { plural: "oauthclientauthorizations", kind: "OAuthClientAuthorization" };
  return customType("oauth.openshift.io", names, "Cluster");
}

function infrastructureType() {
  return customType("config.openshift.io", { plural: "infrastructures", kind: "Infrastructure" }, "Cluster");
}

function customType(group: string, names: { readonly plural: string; readonly kind: string }, scope: string) {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, names, scope, versions: [{ name: "v1", served: true, storage: true, schema }] },
  };
}
