import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";

describe.skipIf(missingServers("kube-apiserver"))("identifying a real cluster", () => {
  it("goes from the UID to labels of nodes and namespaces to OpenShift's objects to the configuration", async () => {
    const server = await servers.freshKubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const namespace = JSON.parse((await server.request("GET", "/api/v1/namespaces/kube-system")).body);
    const uid = namespace.metadata.uid as string;
    const bare = { uid, domain: "local", domainSource: "default" };
    expect(await api.identify({}, testCall)).toEqual({
      ...bare,
      name: `cluster-${uid.slice(0, 8)}`,
      nameSource: "kube-system-uid",
    });

    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1", labels: { "alpha.eksctl.io/cluster-name": "By-Node" } },
    };
    await server.apply(node);
    expect(await api.identify({}, testCall)).toEqual({ ...bare, name: "by-node", nameSource: "node-label" });

    const labels = { "kubernetes.io/cluster-name": "by-namespace" };
    await server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", labels } });
    expect(await api.identify({}, testCall)).toEqual({ ...bare, name: "by-namespace", nameSource: "namespace-label" });

    await server.apply(openShiftType("infrastructures", "Infrastructure"), openShiftType("dnses", "DNS"));
    await server.apply(
      { ...openShiftObject("Infrastructure"), status: { infrastructureName: "crc-wrl62" } },
      { ...openShiftObject("DNS"), spec: { baseDomain: "crc.testing" } },
    );
    const openShift = {
      uid,
      name: "crc-wrl62",
      nameSource: "openshift-infrastructure",
      domain: "crc.testing",
      domainSource: "openshift-dns",
    };
    expect(await api.identify({}, testCall)).toEqual(openShift);
    expect(await api.identify({ name: "wrl62", domain: "company.local" }, testCall)).toEqual({
      uid,
      name: "wrl62",
      nameSource: "configuration",
      domain: "company.local",
      domainSource: "configuration",
    });
    await server.stop();
  });

  it("needs to read namespace kube-system and nothing else", async () => {
    const server = await servers.kubeApi();
    const user = `reader-${Math.random().toString(36).slice(2)}`;
    const { api } = openTestApi({ kubeconfig: await server.kubeconfigFor(user) });
    await expect(api.identify({ name: "a", domain: "b" }, testCall)).rejects.toThrow(
      /^kube: identify the cluster by namespace kube-system: forbidden: .*; the ClusterRole must allow get on namespaces; ask with: kubectl auth can-i get namespaces\/kube-system$/,
    );
    const rules = [{ apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] }];
    const rbac = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name: user } };
    await server.apply(
      { ...rbac, kind: "ClusterRole", rules },
      {
        ...rbac,
        kind: "ClusterRoleBinding",
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: user },
        subjects: [{ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" }],
      },
    );
    const identity = await untilAllowed(() => api.identify({}, testCall));
    expect(identity).toMatchObject({ nameSource: "kube-system-uid", domain: "local" });
  });
});

describe("identifying a cluster that is not well", () => {
  it("fails rather than call the cluster by another name while one of its sources is down", async () => {
    const { kubeconfig } = await startFaultyApi(({ path }, response) => {
      if (path === "/api/v1/namespaces/kube-system")
        return sendJson(response, 200, { metadata: { uid: "0123456789" } });
      sendStatus(response, 503, { reason: "ServiceUnavailable" });
    });
    await expect(openTestApi({ kubeconfig }).api.identify({}, testCall)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("says which address to look at where something else than an API server answers", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => sendStatus(response, 404, { reason: "NotFound" }));
    await expect(openTestApi({ kubeconfig }).api.identify({}, testCall)).rejects.toThrow(
      /not-found: the server answered 404.*; every Kubernetes cluster has it: look whether 127\.0\.0\.1.* is the API server's address$/,
    );
  });

  it("refuses a configured name that can be no folder before it asks anything", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 200, {}));
    await expect(openTestApi({ kubeconfig }).api.identify({ name: "../x" }, testCall)).rejects.toMatchObject({
      kind: "config",
    });
    expect(asked).toEqual([]);
  });
});

function openShiftObject(kind: string) {
  return { apiVersion: "config.openshift.io/v1", kind, metadata: { name: "cluster" } };
}

function openShiftType(plural: string, kind: string) {
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.config.openshift.io`,
      annotations: { "api-approved.kubernetes.io": "unapproved, a test" },
    },
    spec: {
      group: "config.openshift.io",
      names: { plural, kind },
      scope: "Cluster",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** RBAC needs a moment until it is known everywhere in the server. */
async function untilAllowed<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
