import { compareUtf8, type ResourceType } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import type { KubeApi, ListedObject } from "../kube-api.ts";
import { startRelay } from "../testing/relay.ts";
import { openTestApi, writeTestKubeconfig } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { listSorted } from "./list-sorted.ts";

const builtIn = (resource: string, kind: string, group = "", namespaced = true): ResourceType => ({
  group,
  version: "v1",
  resource,
  kind,
  namespaced,
  verbs: ["list"],
});
const configMaps = builtIn("configmaps", "ConfigMap");
const roles = builtIn("roles", "Role", "rbac.authorization.k8s.io");
const clusterRoles = builtIn("clusterroles", "ClusterRole", "rbac.authorization.k8s.io", false);

describe.skipIf(missingServers("kube-apiserver"))("listing a real API server", () => {
  it("gives every object of every type byte for byte as GET does", async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const inNamespace = (name: string) => ({ name, namespace });
    await server.apply(
      { apiVersion: "v1", kind: "ConfigMap", metadata: inNamespace("big"), data: { big: "x".repeat(900_000) } },
      { apiVersion: "v1", kind: "Secret", metadata: inNamespace("secret"), data: { password: "aHVudGVyMg==" } },
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: `${namespace}:a:b` } },
      deployment(inNamespace("web")),
    );
    const strange = await server.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, {
      metadata: { name: "strange", annotations: { "example.com/a": '<&>"\\\n\t\u0085\u2028é😀' } },
      data: { n: "yes", o: "0777", t: "12:30:45", e: "1e3", "n.e.l": "a\u0085b\u007fc", empty: "" },
      binaryData: { bytes: "AAEC/w==" },
    });
    expect(strange.status).toBe(201);
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const { types } = await api.discover(testCall);
    const compared: Record<string, number> = {};
    // Each GET of a ComponentStatus probes its component anew.
    for (const type of types.filter(({ resource }) => resource !== "componentstatuses")) {
      const listing = api.list(type, { pageSize: 10 }, testCall);
      for await (const object of listing) {
        const got = await bytesOfGet(api, type, object).catch(() => undefined);
        // Other tests share the server: an object may have changed or gone since it was listed.
        if (got === undefined || JSON.parse(got).metadata.resourceVersion !== object.resourceVersion) continue;
        expect(object.line.toString()).toBe(got);
        compared[type.resource] = (compared[type.resource] ?? 0) + 1;
      }
    }
    expect(compared).toMatchObject({ deployments: expect.any(Number), secrets: expect.any(Number) });
    expect(compared.configmaps).toBeGreaterThanOrEqual(2);
    expect(compared.clusterroles).toBeGreaterThan(50);
  });

  it("gives custom resources byte for byte, integers above 2^53, fractions and unknown order included", async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const { group, type } = await applyWidgetType(server);
    const body =
      `{"kind":"Widget","apiVersion":"${group}/v1","metadata":{"name":"big","namespace":"${namespace}"},` +
      '"spec":{"z":9007199254740993,"y":-9223372036854775808,"f":1.50,"s":"\\u003cé\\u0085>","a":[{},[],null,{"items":[1]}]}}';
    const sent = await server.request("POST", `/apis/${group}/v1/namespaces/${namespace}/widgets`, body);
    expect(sent.status).toBe(201);
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const [object, ...others] = await readAll(api, type);
    expect(others).toEqual([]);
    expect(object?.line.toString()).toContain('"z":9007199254740993');
    expect(object?.line.toString()).toContain('"y":-9223372036854775808');
    expect(object?.line.toString()).toBe(await bytesOfGet(api, type, object as ListedObject));
    expect(object).toMatchObject({ key: `${namespace}/big`, uid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it("takes the server's order for any names: by UTF-8 bytes, not as JavaScript compares", async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const names = ["a", "a:b", "A", "team", "Team", "team-1", "team.x", "\u{1f600}", "\ue000", "é", "zz"];
    for (const name of names) {
      await server.apply({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name, namespace } });
    }
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const keys = (await readAll(api, roles, 3)).map(({ key }) => key);
    const ours = keys.filter((key) => key.startsWith(`${namespace}/`));
    expect(ours).toEqual(names.toSorted(compareUtf8).map((name) => `${namespace}/${name}`));
    expect(ours.indexOf(`${namespace}/\ue000` as never)).toBeLessThan(ours.indexOf(`${namespace}/\u{1f600}` as never));
  });

  it("reads 1,200 objects in pages of 100, each once, all of one revision", async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const names = Array.from({ length: 1_200 }, (_, index) => `c-${index}`);
    await inParallel(names, 16, async (name) => {
      const answer = await server.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name } });
      expect(answer.status).toBe(201);
    });
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const listing = api.list(configMaps, { pageSize: 100 }, testCall);
    const found: string[] = [];
    for await (const { key } of listing) if (key.startsWith(`${namespace}/`)) found.push(key);
    expect(found).toEqual(names.map((name) => `${namespace}/${name}`).sort());
    expect(listing.end()).toMatchObject({ consistent: true, resourceVersion: expect.stringMatching(/^\d+$/) });
    expect(listing.end().pages).toBe(Math.ceil(listing.end().objects / 100));
  });

  it("finds the one built-in type that comes unordered, and listSorted puts it right", async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const type = builtIn("componentstatuses", "ComponentStatus", "", false);
    await expect(readAll(api, type)).rejects.toMatchObject({ kind: "unordered" });
    const listing = listSorted(api, type, { pageSize: 500 }, testCall);
    const keys: string[] = [];
    for await (const { key } of listing) keys.push(key);
    expect(keys).toEqual(["controller-manager", "etcd-0", "scheduler"]);
  });

  it("tells a user without rights what to ask and what is missing", async () => {
    const server = await servers.kubeApi();
    const kubeconfig = await server.kubeconfigFor("nobody-special");
    const { api } = openTestApi({ kubeconfig });
    await expect(readAll(api, roles)).rejects.toThrow(
      /^kube: list roles\.rbac\.authorization\.k8s\.io: forbidden: the server answered 403 \(Forbidden: .*User "nobody-special" cannot list resource "roles".*\); ask with: kubectl auth can-i list roles\.rbac\.authorization\.k8s\.io --all-namespaces; the ClusterRole must allow list on it$/,
    );
  });

  it("reports a type that is not served", async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const list = readAll(api, builtIn("gadgets", "Gadget", "nowhere.example.com"));
    await expect(list).rejects.toMatchObject({ kind: "not-found" });
  });

  it("reads sixteen lists at once over four connections, and the next ones over the same", async () => {
    const server = await servers.kubeApi();
    const relay = await startRelay(server.url);
    const { api } = openTestApi({
      kubeconfig: writeTestKubeconfig(relay.cluster(server.caFile), { token: server.adminToken }),
    });
    for (let round = 0; round < 3; round++) {
      const lists = await Promise.all(Array.from({ length: 16 }, () => readAll(api, clusterRoles)));
      expect(new Set(lists.map(({ length }) => length)).size).toBe(1);
    }
    expect(relay.connections).toBe(4);
  });
});

async function readAll(api: KubeApi, type: ResourceType, pageSize = 500): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for await (const object of api.list(type, { pageSize }, testCall)) objects.push(object);
  return objects;
}

function pathOf(type: ResourceType, object: ListedObject): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const slash = type.namespaced ? object.key.indexOf("/") : -1;
  const name = encodeURIComponent(object.key.slice(slash + 1));
  const folder = slash < 0 ? type.resource : `namespaces/${object.key.slice(0, slash)}/${type.resource}`;
  return `${root}/${folder}/${name}`;
}

/** The server writes GET compact but for a line break at its end. */
async function bytesOfGet(api: KubeApi, type: ResourceType, object: ListedObject): Promise<string> {
  return (await api.get(pathOf(type, object), testCall)).toString("utf8").trimEnd();
}

async function applyWidgetType(server: Awaited<ReturnType<typeof servers.kubeApi>>) {
  const group = `${(await server.freshNamespace("group")).replaceAll("-", ".")}.example.com`;
  await server.apply({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  });
  return { group, type: builtIn("widgets", "Widget", group) };
}

function deployment(metadata: object) {
  const container = { name: "web", image: "nginx:1.27", resources: { limits: { cpu: "0.5", memory: "64Mi" } } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [container] } },
    },
  };
}

async function inParallel<Item>(items: readonly Item[], workers: number, work: (item: Item) => Promise<void>) {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
