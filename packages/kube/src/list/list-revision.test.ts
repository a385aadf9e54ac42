import type { ResourceType } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import type { KubeApi, ListRequest } from "../kube-api.ts";
import { configMapPage, sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";

const builtIn = (resource: string, kind: string, namespaced = true): ResourceType => ({
  group: "",
  version: "v1",
  resource,
  kind,
  namespaced,
  verbs: ["list"],
});
const configMaps = builtIn("configmaps", "ConfigMap");
const componentStatuses = builtIn("componentstatuses", "ComponentStatus", false);

describe.skipIf(missingServers("kube-apiserver"))("a part of a real list", () => {
  it("is what a label selector takes, on every page", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const labelled = (name: string, tier: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace, labels: { tier, test: namespace } },
    });
    await server.apply(labelled("a", "web"), labelled("b", "db"), labelled("c", "web"), labelled("d", "web"));
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const labelSelector = `test=${namespace},tier in (web, cache)`;
    const { names, pages } = await read(api, { pageSize: 1, labelSelector });
    expect(names).toEqual([`${namespace}/a`, `${namespace}/c`, `${namespace}/d`]);
    expect(pages).toBeGreaterThanOrEqual(3);
  });

  it("is refused when the selector is none, with the server's words", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    await expect(read(api, { labelSelector: "a b=" })).rejects.toThrow(
      /^kube: list configmaps: invalid: .*unable to parse/,
    );
  });

  it("is one namespace's, for a user who may read only that", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const [mine, other] = [await server.freshNamespace(), await server.freshNamespace()];
    for (const namespace of [mine, other]) {
      await server.apply(
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace } },
      );
    }
    await server.apply(
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "reader", namespace: mine },
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "reader", namespace: mine },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
        subjects: [{ kind: "User", name: "nina", apiGroup: "rbac.authorization.k8s.io" }],
      },
    );
    const { api } = openTestApi({ kubeconfig: await server.kubeconfigFor("nina") });
    expect((await read(api, { pageSize: 1, namespace: mine })).names).toEqual([`${mine}/a`, `${mine}/b`]);
    await expect(read(api, { namespace: other })).rejects.toThrow(
      `ask with: kubectl auth can-i list configmaps --namespace ${other}`,
    );
    await expect(read(api, {})).rejects.toMatchObject({ kind: "forbidden" });
    await expect(read(api, { namespace: mine }, builtIn("nodes", "Node", false))).rejects.toThrow(
      `kube: read nodes: invalid: it is not in namespaces, so not in "${mine}"`,
    );
  });
});

describe.skipIf(missingServers("kube-apiserver"))("a real list as of a revision", () => {
  it("is what there was, whatever was changed, deleted or made since", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const configMap = (name: string, value: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data: { value },
    });
    await server.apply(configMap("changed", "old"), configMap("deleted", "old"), configMap("kept", "old"));
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const revision = await api.currentRevision(builtIn("namespaces", "Namespace", false), testCall);
    await server.apply(configMap("changed", "new"), configMap("made", "new"));
    await server.request("DELETE", `/api/v1/namespaces/${namespace}/configmaps/deleted`);
    const then = await read(api, { pageSize: 1, namespace, revision });
    expect(then).toMatchObject({ resourceVersion: revision, consistent: true });
    expect(then.values).toEqual({ changed: "old", deleted: "old", kept: "old" });
    expect((await read(api, { namespace })).values).toEqual({ changed: "new", kept: "old", made: "new" });
  });

  it("is expired once the revision is compacted, also between two pages", { timeout: 120_000 }, async () => {
    const server = await servers.freshKubeApi({
      etcdCompactionInterval: "1s",
      args: ["--feature-gates=ListFromCacheSnapshot=false"],
    });
    const namespace = await server.freshNamespace();
    for (const name of ["a", "b", "c"]) {
      await server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } });
    }
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const revision = await api.currentRevision(configMaps, testCall);
    const listing = api.list(configMaps, { pageSize: 1, revision }, testCall);
    const began = listing[Symbol.asyncIterator]();
    expect(await began.next()).toMatchObject({ done: false });
    await expect.poll(() => read(api, { revision }).catch(kindOf), { timeout: 60_000, interval: 500 }).toBe("expired");
    const rest = async () => {
      while (!(await began.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({ kind: "expired" });
    await server.stop();
  });

  it("is expired where the server answers as of now: componentstatuses", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const revision = await api.currentRevision(configMaps, testCall);
    await expect(read(api, { revision, anyOrder: true }, componentStatuses)).rejects.toThrow(
      `kube: list componentstatuses: expired: the server answered as of revision "", not as of "${revision}"`,
    );
    await expect(api.currentRevision(componentStatuses, testCall)).rejects.toMatchObject({ kind: "invalid" });
  });
});

describe("a list as of a revision", () => {
  it("does not go on from a later one, though the server gives a token for that", async () => {
    const { kubeconfig, asked } = await startFaultyApi(({ query }, response) => {
      if (query.get("continue") === null) return sendJson(response, 200, configMapPage(["a"], "old", "42"));
      sendStatus(response, 410, { reason: "Expired", continue: "newer" });
    });
    const list = read(openTestApi({ kubeconfig }).api, { revision: "42" });
    await expect(list).rejects.toMatchObject({ kind: "expired" });
    expect(asked).toHaveLength(2);
    expect(asked[0]?.query.toString()).toBe("limit=500&resourceVersion=42&resourceVersionMatch=Exact");
    expect(asked[1]?.query.toString()).toBe("limit=500&continue=old");
  });
});

describe("a list of one object", () => {
  it("is asked for by its name, no older than it is known to be", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => {
      sendJson(response, 200, configMapPage(["a"], "", "42"));
    });
    const only = { name: "a", resourceVersion: "7" };
    await read(openTestApi({ kubeconfig }).api, { only, namespace: "shop", pageSize: 2 });
    expect(asked.map(({ path }) => path)).toEqual(["/api/v1/namespaces/shop/configmaps"]);
    const wanted = { limit: "2", fieldSelector: "metadata.name=a", resourceVersion: "7" };
    expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({ ...wanted, resourceVersionMatch: "NotOlderThan" });
  });
});

describe("a strict list", () => {
  it("is expired when its pages turn out to be of two revisions", async () => {
    const { kubeconfig } = await startFaultyApi(({ query }, response) => {
      const first = query.get("continue") === null;
      sendJson(response, 200, first ? configMapPage(["a"], "next", "100") : configMapPage(["b"], "", "101"));
    });
    await expect(read(openTestApi({ kubeconfig }).api, { strict: true })).rejects.toThrow(
      'expired: the server answered as of revision "101", not as of "100"',
    );
  });
});

async function read(api: KubeApi, request: Partial<ListRequest>, type: ResourceType = configMaps) {
  const listing = api.list(type, { pageSize: 500, ...request }, testCall);
  const names: string[] = [];
  const values: Record<string, string> = {};
  for await (const { key, line } of listing) {
    names.push(key);
    const object = JSON.parse(line.toString("utf8"));
    values[object.metadata.name] = object.data?.value;
  }
  return { names, values, ...listing.end() };
}

function kindOf(error: unknown): string {
  return error instanceof Error && "kind" in error ? String(error.kind) : String(error);
}
