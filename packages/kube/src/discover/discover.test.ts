import { compareTypes } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import type { Ask } from "../http/ask.ts";
import { sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { discover } from "./discover.ts";

describe.skipIf(missingServers("kube-apiserver"))("discovering a real API server", () => {
  it("finds what can be listed, in order, each resource once and in the preferred version", async () => {
    const server = await servers.kubeApi();
    const { types, stale } = await openTestApi({ kubeconfig: server.kubeconfig }).api.discover(testCall);
    expect(stale).toEqual([]);
    expect(types).toEqual(types.toSorted(compareTypes));
    const names = types.map(({ group, resource }) => `${resource}.${group}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.includes("/") || name.startsWith("tokenreviews"))).toEqual([]);
    expect(types).toContainEqual({
      group: "apps",
      version: "v1",
      resource: "deployments",
      kind: "Deployment",
      namespaced: true,
      verbs: expect.arrayContaining(["list", "get", "watch"]),
    });
    expect(types).toContainEqual(
      expect.objectContaining({ group: "", resource: "nodes", kind: "Node", namespaced: false }),
    );
    expect(types).toContainEqual(expect.objectContaining({ resource: "horizontalpodautoscalers", version: "v2" }));
  });

  it("takes a type from a later version where the group's preferred one lacks it", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const group = `${await server.freshNamespace("lacks")}.example.com`;
    const definition = (plural: string, kind: string, version: string) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
        scope: "Cluster",
        versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
      },
    });
    await server.apply(definition("stables", "Stable", "v1"), definition("younglings", "Youngling", "v1beta1"));
    const { types } = await openTestApi({ kubeconfig: server.kubeconfig }).api.discover(testCall);
    const ours = types.filter((type) => type.group === group);
    expect(ours.map(({ resource, version }) => `${resource} ${version}`)).toEqual(["stables v1", "younglings v1beta1"]);
  });

  it("finds the same types the way of servers without aggregated discovery, and makes the same document of it", async () => {
    const server = await servers.freshKubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const plain: Ask = ({ path }, call) => api.get(path, call);
    const [aggregated, oneByOne] = [await api.discover(testCall), await discover(plain, testCall)];
    expect(oneByOne.types).toEqual(aggregated.types);
    const shapes = [aggregated, oneByOne].map(({ document }) => shapeOf(JSON.parse(document.toString("utf8"))));
    expect(shapes[1]).toEqual(shapes[0]);
    expect((await api.discover(testCall)).document.equals(aggregated.document)).toBe(true);

    await server.apply({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.metrics.example.com" },
      spec: {
        group: "metrics.example.com",
        version: "v1beta1",
        service: { namespace: "default", name: "nowhere" },
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
      },
    });
    const stale = await untilStale(() => api.discover(testCall));
    expect(stale.stale).toEqual([
      {
        group: "metrics.example.com",
        version: "v1beta1",
        reason: "its API service does not answer the API server (freshness Stale)",
      },
    ]);
    expect(stale.types).toEqual(aggregated.types);
    const plainStale = await discover(plain, testCall);
    expect(plainStale.stale).toEqual([
      {
        group: "metrics.example.com",
        version: "v1beta1",
        reason: expect.stringContaining("unavailable: the server answered 503"),
      },
    ]);
    await server.stop();
  });

  it("works for a user without any rights of their own", async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: await server.kubeconfigFor("nobody-special") });
    expect((await api.discover(testCall)).types.length).toBeGreaterThan(40);
  });
});

describe("discovery documents", () => {
  const group = (versions: object[]) => ({
    kind: "APIGroupDiscoveryList",
    items: [{ metadata: { name: "example.com" }, versions }],
  });
  const resource = (verbs: string[]) => ({
    resource: "widgets",
    responseKind: { kind: "Widget" },
    scope: "Namespaced",
    verbs,
  });

  it.each([
    [
      "the first version",
      [
        ["v2", ["list"]],
        ["v1", ["list"]],
      ],
      "v2",
    ],
    [
      "the first version that can list",
      [
        ["v2", ["get"]],
        ["v1", ["list"]],
      ],
      "v1",
    ],
    ["no version when none can list", [["v1", ["create"]]], undefined],
  ] as const)("take %s", async (_, versions, expected) => {
    const all = versions.map(([version, verbs]) => ({
      version,
      freshness: "Current",
      resources: [resource([...verbs])],
    }));
    const { kubeconfig } = await startFaultyApi(({ path }, response) => {
      sendJson(response, 200, path === "/apis" ? group(all) : { kind: "APIGroupDiscoveryList", items: [] });
    });
    const { types } = await openTestApi({ kubeconfig }).api.discover(testCall);
    expect(types.map(({ version }) => version)).toEqual(expected === undefined ? [] : [expected]);
  });

  it("take no type from a version that is stale, though the server still remembers what it had", async () => {
    const stale = { version: "v2", freshness: "Stale", resources: [resource(["list"])] };
    const current = {
      version: "v1",
      freshness: "Current",
      resources: [{ ...resource(["list"]), resource: "gadgets" }],
    };
    const { kubeconfig } = await startFaultyApi(({ path }, response) => {
      sendJson(response, 200, path === "/apis" ? group([stale, current]) : group([]));
    });
    const discovery = await openTestApi({ kubeconfig }).api.discover(testCall);
    expect(discovery.types.map(({ resource: name, version }) => `${name} ${version}`)).toEqual(["gadgets v1"]);
    expect(discovery.stale.map(({ version }) => version)).toEqual(["v2"]);
  });

  it("are asked for in the newest form first", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) =>
      sendJson(response, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2beta1", items: [] }),
    );
    const { document } = await openTestApi({ kubeconfig }).api.discover(testCall);
    expect(asked[0]?.headers.accept).toBe(
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json",
    );
    const empty = { apiVersion: "apidiscovery.k8s.io/v2", items: [], kind: "APIGroupDiscoveryList" };
    expect(document.toString()).toBe(JSON.stringify({ api: empty, apis: empty }));
  });

  it("that are none are an error, and so is a server that refuses", async () => {
    const other = await startFaultyApi((_, response) => sendJson(response, 200, { hello: "world" }));
    await expect(openTestApi({ kubeconfig: other.kubeconfig }).api.discover(testCall)).rejects.toThrow(
      "kube: discover /api: invalid: the answer is no discovery document; check the server's address",
    );
    const refusing = await startFaultyApi((_, response) => sendStatus(response, 403, { reason: "Forbidden" }));
    await expect(openTestApi({ kubeconfig: refusing.kubeconfig }).api.discover(testCall)).rejects.toThrow(
      /forbidden: .*; the built-in ClusterRole system:discovery must be bound to this user$/,
    );
  });
});

/** What of a document both ways of discovery can know: resources by group and version, subresources aside. */
function shapeOf(document: { api: DiscoveryList; apis: DiscoveryList }) {
  return [document.api, document.apis].map(({ kind, apiVersion, items }) => ({
    kind,
    apiVersion,
    groups: items.map(({ metadata, versions }) => ({
      name: metadata?.name,
      versions: versions.map(({ version, freshness, resources }) => ({
        version,
        freshness,
        resources: resources
          .map(({ subresources: _, ...resource }) => resource)
          .sort((left, right) => (left.resource < right.resource ? -1 : 1)),
      })),
    })),
  }));
}

interface DiscoveryList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly freshness: string;
      readonly resources: readonly { readonly resource: string; readonly subresources?: unknown }[];
    }[];
  }[];
}

/** The server notices after a moment that nobody answers for the group. */
async function untilStale<Result extends { readonly stale: readonly unknown[] }>(
  ask: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const result = await ask();
    if (result.stale.length > 0 || attempt === 60) return result;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
