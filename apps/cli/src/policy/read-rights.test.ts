import { loadConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { writeConfig } from "../testing/workspace.ts";
import { withJobRights } from "./job-rights.ts";
import { readRights } from "./read-rights.ts";

const SECRETS = { group: "", resource: "secrets", kind: "Secret", namespaced: true };
const WIDGETS = { group: "example.com", resource: "widgets", kind: "Widget", namespaced: true };
const NODES = { group: "", resource: "nodes", kind: "Node", namespaced: false };

describe("the rights of a backup", () => {
  it("are to list everything where everything is taken: rules cannot say less", async () => {
    expect((await rights({})).cluster.at(-1)).toEqual({ apiGroups: ["*"], resources: ["*"], verbs: ["list"] });
  });

  it("hold none on Secrets, and no pattern that has them in it, where they are omitted", async () => {
    const { cluster, customTypesMissing } = await rights({ secrets: "omit" });
    const resources = cluster.flatMap((rule) => rule.resources);
    expect(resources).toContain("configmaps");
    expect(resources).not.toContain("secrets");
    expect(resources).not.toContain("*");
    expect(customTypesMissing).toBe(true);
  });

  it("name each type that a cluster serves and the run takes", async () => {
    const { cluster, customTypesMissing } = await rights({ secrets: "omit" }, { served: [SECRETS, WIDGETS, NODES] });
    expect(cluster.slice(1)).toEqual([
      { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
      { apiGroups: ["example.com"], resources: ["widgets"], verbs: ["list"] },
    ]);
    expect(customTypesMissing).toBe(false);
  });

  it("lack the types that are chosen by a word or a pattern and are not Kubernetes' own, and say so", async () => {
    const missing = async (include: readonly string[]) =>
      (await rights({ filter: { mode: "whitelist", resources: { include } } })).customTypesMissing;
    expect(await missing(["configmaps", "*.apps", "widgets.example.com"])).toBe(false);
    expect(await missing(["configmaps", "widgets"])).toBe(true);
    expect(await missing(["configmaps", "*.example.com"])).toBe(true);
  });

  it("end at the namespaces that are named, for what lives in them", async () => {
    const filter = { namespaces: { include: ["team", "shop"] } };
    const { cluster, namespaces } = await rights({ filter }, { served: [SECRETS, NODES] });
    expect(cluster.slice(1)).toEqual([{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }]);
    const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }];
    expect(namespaces).toEqual([
      { namespace: "shop", rules },
      { namespace: "team", rules },
    ]);
  });

  it("are those of the whole cluster where a namespace is a pattern", async () => {
    const filter = { namespaces: { include: ["team-*"] } };
    const { namespaces, cluster } = await rights({ filter }, { served: [SECRETS] });
    expect(namespaces).toEqual([]);
    expect(cluster.at(-1)?.resources).toEqual(["secrets"]);
  });
});

describe("the rights of a backup of OpenShift", () => {
  const identity = { apiGroups: ["config.openshift.io"], resources: ["infrastructures", "dnses"], verbs: ["get"] };

  it("tell which cluster it is, where that is said, and where the cluster serves it", async () => {
    const rule = { ...identity, resourceNames: ["cluster"] };
    const served = [{ group: "config.openshift.io", resource: "infrastructures", kind: "I", namespaced: false }];
    for (const known of [{ openShift: true }, { served }])
      expect((await rights({}, known)).cluster).toContainEqual(rule);
    for (const known of [{}, { served: [NODES] }]) expect((await rights({}, known)).cluster).not.toContainEqual(rule);
  });

  it("list its groups as a whole where Secrets are omitted, and none that the filter leaves out", async () => {
    const groups = async (filter: object) => {
      const { cluster } = await rights({ secrets: "omit", filter }, { openShift: true });
      return cluster.filter(({ resources }) => resources.includes("*")).flatMap(({ apiGroups }) => apiGroups);
    };
    expect(await groups({})).toEqual(expect.arrayContaining(["route.openshift.io", "operators.coreos.com"]));
    expect(await groups({})).not.toContain("");
    expect(await groups({ openShift: "disabled" })).not.toContain("route.openshift.io");
    expect(await groups({ mode: "whitelist", resources: { include: ["configmaps"] } })).toEqual([]);
  });

  it("hold none on tokens and on clients' secrets where their values are not backed up", async () => {
    const ofOAuth = async (backup: object) => {
      const { cluster } = await rights(backup, { openShift: true });
      return cluster.filter(({ apiGroups }) => apiGroups.includes("oauth.openshift.io"));
    };
    const only = { apiGroups: ["oauth.openshift.io"], resources: ["oauthclientauthorizations"], verbs: ["list"] };
    expect(await ofOAuth({ secrets: "omit" })).toEqual([only]);
    const filter = { resources: { exclude: ["secrets"] } };
    expect(await ofOAuth({ secrets: "withhold", filter })).toEqual([only]);
    expect((await ofOAuth({ secrets: "plain", filter })).map(({ resources }) => resources)).toEqual([["*"]]);
  });

  it("list them in the namespaces that are named, and nowhere else", async () => {
    const backup = { secrets: "omit", filter: { namespaces: { include: ["shop"] } } };
    const { cluster, namespaces } = await rights(backup, { openShift: true });
    expect(cluster.flatMap(({ resources }) => resources)).not.toContain("*");
    expect(namespaces[0]?.rules.at(-1)?.apiGroups).toContain("route.openshift.io");
  });
});

describe("the rights of a backup that makes a Job of stage 2", () => {
  const reads = { cluster: [], namespaces: [{ namespace: "shop", rules: [] }], customTypesMissing: false };
  const announce = async (cronJob: object) => {
    const store = { type: "folder", path: "./store" };
    const file = await writeConfig({ store, announce: { via: "job", cronJob } });
    return (await loadConfig({ files: [file], env: {} })).config.announce;
  };
  const rules = [
    { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: ["gitops"], verbs: ["get"] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "list"] },
  ];

  it("are in the CronJob's namespace, else in the backup's own, in one Role with what it reads there", async () => {
    const there = withJobRights(reads, await announce({ name: "gitops", namespace: "ops" }), "backup-system");
    expect(there.namespaces).toEqual([...reads.namespaces, { namespace: "ops", rules }]);
    expect(withJobRights(reads, await announce({ name: "gitops" }), "shop").namespaces).toEqual([
      { namespace: "shop", rules },
    ]);
  });

  it("are none where a kubeconfig says who makes it, and none for another way to tell", async () => {
    const other = await announce({ name: "gitops", namespace: "ops", kubeconfig: "/etc/ops" });
    expect(withJobRights(reads, other, "shop")).toEqual(reads);
    expect(withJobRights(reads, { ...(await announce({ name: "gitops" })), via: "none" }, "shop")).toEqual(reads);
  });
});

async function rights(backup: object, known?: Parameters<typeof readRights>[1]) {
  const file = await writeConfig({ store: { type: "folder", path: "./store" }, backup });
  return readRights((await loadConfig({ files: [file], env: {} })).config.backup, known);
}
