import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSnapshot, testCall, typeOf } from "../testing/make-snapshot.ts";
import { type ReplayServer, serveSnapshot } from "./replay-server.ts";

const PODS = typeOf("pods", "Pod");
const NODES = typeOf("nodes", "Node", false);
const ROLES = typeOf("roles.rbac.authorization.k8s.io", "Role");
const SECRETS = typeOf("secrets", "Secret");
const CONFIG_MAPS = typeOf("configmaps", "ConfigMap");
const WIDGETS = typeOf("widgets.example.com", "Widget");
const DEFINITIONS = typeOf("customresourcedefinitions.apiextensions.k8s.io", "CustomResourceDefinition", false);

function pod(namespace: string, name: string, node: string, phase: string, labels: Record<string, string>) {
  return { metadata: { namespace, name, labels }, spec: { nodeName: node }, status: { phase } };
}

const pods = [
  pod("bar", "api", "n1", "Running", { app: "api" }),
  pod("foo", "db", "n2", "Pending", { app: "db", tier: "back" }),
  pod("foo", "web", "n1", "Running", { app: "web" }),
  pod("foo2", "web", "n1", "Running", { app: "web" }),
];

let replay: ReplayServer;
beforeAll(async () => {
  const definition = {
    metadata: { name: "widgets.example.com" },
    spec: { versions: [{ name: "v1", selectableFields: [{ jsonPath: ".spec.color" }] }] },
  };
  const rest = [
    { type: DEFINITIONS, objects: [definition] },
    { type: CONFIG_MAPS, objects: [], scope: { namespaces: { include: ["foo"], exclude: [] } } },
    { type: SECRETS, objects: [{ metadata: { namespace: "foo", name: "s" }, data: { password: "" } }] },
    {
      type: WIDGETS,
      objects: ["blue", "red"].map((color) => ({ metadata: { namespace: "foo", name: color }, spec: { color } })),
    },
  ];
  const first = [
    { type: PODS, objects: pods },
    { type: NODES, objects: [{ metadata: { name: "n1" } }] },
  ];
  const second = [
    { type: PODS, objects: pods },
    { type: NODES, objects: undefined },
    { type: ROLES, objects: undefined },
  ];
  const openapi = { "/openapi/v3/api/v1": '{"openapi":"3.0.0","info":{"title":"Kubernetes","version":"1.35"}}' };
  const snapshot = await makeSnapshot(
    [
      [...first, ...rest],
      [...second, ...rest],
    ],
    { secrets: "withhold", openapi },
  );
  replay = await serveSnapshot(snapshot, { port: 0, access: "anyone" }, testCall);
});
afterAll(() => replay.close());

interface Listed {
  readonly kind: string;
  readonly message?: string;
  readonly items?: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
  readonly metadata: { readonly continue?: string };
}

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(`${replay.url}${path}`, init);
  return { status: answer.status, warning: answer.headers.get("warning"), body: (await answer.json()) as Listed };
}

async function names(path: string): Promise<string[]> {
  const { status, body } = await ask(path);
  expect(status, body.message).toBe(200);
  return (body.items ?? []).map(({ metadata }) => metadata.name);
}

describe("a list", () => {
  it("of one namespace holds nothing of one whose name begins alike", async () => {
    expect(await names("/api/v1/namespaces/foo/pods")).toEqual(["db", "web"]);
    expect(await names("/api/v1/namespaces/fo/pods")).toEqual([]);
  });

  it.each([
    ["labelSelector=app=web", ["web", "web"]],
    ["labelSelector=app!=web", ["api", "db"]],
    ["labelSelector=app in (db, api)", ["api", "db"]],
    ["labelSelector=app notin (db),!tier", ["api", "web", "web"]],
    ["labelSelector=tier", ["db"]],
    ["labelSelector=", ["api", "db", "web", "web"]],
    ["fieldSelector=status.phase=Running,spec.nodeName==n1", ["api", "web", "web"]],
    ["fieldSelector=status.phase!=Running", ["db"]],
    ["fieldSelector=metadata.namespace=foo2", ["web"]],
    ["fieldSelector=metadata.name=web&labelSelector=app=web", ["web", "web"]],
    ["fieldSelector=spec.hostNetwork=false&limit=0", ["api", "db", "web", "web"]],
  ])("with %s", async (query, expected) => {
    expect(await names(`/api/v1/pods?${encodeURI(query)}`)).toEqual(expected);
  });

  it("of a custom type is selected by the fields that its definition names", async () => {
    expect(await names("/apis/example.com/v1/widgets?fieldSelector=spec.color%3Dred")).toEqual(["red"]);
    const { status, body } = await ask("/apis/example.com/v1/widgets?fieldSelector=spec.size%3D1");
    expect([status, body.message]).toEqual([400, "field label not supported: spec.size"]);
  });

  it("goes on with `continue` over what a selector takes, each once", async () => {
    const found: string[] = [];
    let token = "";
    do {
      const { body } = await ask(`/api/v1/pods?labelSelector=app!%3Ddb&limit=1&continue=${token}`);
      found.push(...(body.items ?? []).map(({ metadata }) => metadata.name));
      token = body.metadata.continue ?? "";
    } while (token !== "");
    expect(found).toEqual(["api", "web", "web"]);
  });

  it("is of metadata alone where that is asked for", async () => {
    const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    const { body } = await ask("/api/v1/namespaces/foo2/pods", { headers: { accept } });
    expect(body).toMatchObject({ kind: "PartialObjectMetadataList", items: [{ kind: "PartialObjectMetadata" }] });
    expect(body.items?.[0]).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: { namespace: "foo2", name: "web", labels: { app: "web" } },
    });
  });

  it("is YAML where that is asked for", async () => {
    const headers = { accept: "application/yaml" };
    const answer = await fetch(`${replay.url}/apis/example.com/v1/widgets`, { headers });
    expect(await answer.text()).toBe(
      [
        "apiVersion: example.com/v1",
        "kind: WidgetList",
        "items:",
        ...["blue", "red"].flatMap((color) => [
          "- apiVersion: example.com/v1",
          "  kind: Widget",
          "  metadata:",
          `    name: ${color}`,
          "    namespace: foo",
          "  spec:",
          `    color: ${color}`,
        ]),
        "metadata:",
        '  resourceVersion: "2"',
        "",
      ].join("\n"),
    );
  });
});

describe("a type", () => {
  it("that became unread is shown as it was, with a warning", async () => {
    const { status, warning, body } = await ask("/api/v1/nodes");
    expect([status, body.items?.length]).toEqual([200, 1]);
    expect(warning).toBe(
      '299 - "nodes: unread since snapshot 2 (2026-11-21T06:00:00.000Z): it is forbidden; shown as they were before that"',
    );
  });

  it("that became unread has no names that are not there: nobody knows", async () => {
    expect((await ask("/api/v1/nodes/n1")).status).toBe(200);
    expect((await ask("/api/v1/nodes/n2")).status).toBe(503);
  });

  it("that was never read is unavailable, never empty", async () => {
    const { status, body } = await ask("/apis/rbac.authorization.k8s.io/v1/roles");
    expect([status, body.kind]).toEqual([503, "Status"]);
  });

  it("that was left out is refused with the reason", async () => {
    const { status, body } = await ask("/api/v1/events");
    expect([status, body.message]).toEqual([
      403,
      "events are not in snapshot 2 of example.test/harbour, taken 2026-11-21T06:00:00.000Z: the type was left out of it (events pass)",
    ]);
  });

  it("of which a part was captured says which", async () => {
    expect((await ask("/api/v1/configmaps")).warning).toBe(
      '299 - "configmaps: only a part was captured: namespaces foo"',
    );
  });

  it("whose values are withheld says so", async () => {
    expect((await ask("/api/v1/secrets")).warning).toBe('299 - "secrets: the values are not in this snapshot"');
  });
});

describe.concurrent("a watch", () => {
  const tail = "timeoutSeconds=1";

  it("from nothing gives what is there, and ends when its time is over", async ({ expect }) => {
    const events = await watched(`/api/v1/namespaces/foo/pods?watch=true&${tail}`);
    expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
      ["ADDED", "db"],
      ["ADDED", "web"],
    ]);
  });

  it("with initial events ends them with the bookmark that clients wait for", async ({ expect }) => {
    const query = `watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&${tail}`;
    const events = await watched(`/api/v1/namespaces/foo2/pods?${query}`);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(events[1]?.object).toEqual({
      kind: "Pod",
      apiVersion: "v1",
      metadata: { resourceVersion: "2", annotations: { "k8s.io/initial-events-end": "true" } },
    });
  });

  it("from a list's revision is silent", async ({ expect }) => {
    expect(await watched(`/api/v1/pods?watch=true&resourceVersion=2&${tail}`)).toEqual([]);
  });

  it("ends when the server does", async () => {
    const own = await serveSnapshot(
      await makeSnapshot([[{ type: PODS, objects: pods }]]),
      { port: 0, access: "anyone" },
      testCall,
    );
    const response = await new Promise<IncomingMessage>((resolve) => {
      get(`${own.url}/api/v1/pods?watch=true`, resolve);
    });
    const ended = new Promise((resolve) => response.resume().once("error", resolve).once("end", resolve));
    await own.close();
    await ended;
  });
});

interface Watched {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name?: string } };
}

async function watched(path: string): Promise<Watched[]> {
  const text = await (await fetch(`${replay.url}${path}`)).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Watched);
}

describe("what is asked by POST", () => {
  it.each([
    ["get", true],
    ["watch", true],
    ["delete", false],
    ["*", false],
  ])("may I %s: %s", async (verb, allowed) => {
    const spec = { resourceAttributes: { verb, resource: "pods" } };
    const answer = await fetch(`${replay.url}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`, {
      method: "POST",
      body: JSON.stringify({ spec }),
    });
    expect(await answer.json()).toMatchObject({ kind: "SelfSubjectAccessReview", spec, status: { allowed } });
  });

  it("in protobuf, as kubectl posts it, is understood as well", async () => {
    const attributes = (verb: string) => field(2, field(1, field(2, Buffer.from(verb)), field(5, Buffer.from("pods"))));
    for (const [verb, allowed] of [
      ["list", true],
      ["delete", false],
    ] as const) {
      const body = Buffer.concat([Buffer.from("k8s\0"), field(1, Buffer.from("type")), field(2, attributes(verb))]);
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const answer = await fetch(`${replay.url}${path}`, { method: "POST", body });
      expect(await answer.json()).toMatchObject({ status: { allowed } });
    }
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("as a change, %s is refused and says of when this is", async (method) => {
    const { status, body } = await ask("/api/v1/namespaces/foo/pods/web?dryRun=All", { method });
    expect([status, body.message]).toEqual([
      405,
      "this is snapshot 2 of example.test/harbour, taken 2026-11-21T06:00:00.000Z: it can be read, not changed",
    ]);
  });
});

/** A length-delimited field of protobuf. */
function field(number: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
}

it("tells the version of the server that was captured", async () => {
  const answer = await fetch(`${replay.url}/version`);
  expect(await answer.json()).toMatchObject({ major: "1", minor: "35", gitVersion: "v1.35.0+snapshot" });
});

it("says that logs are not in a snapshot", async () => {
  const { status, body } = await ask("/api/v1/namespaces/foo/pods/web/log");
  expect([status, body.message]).toEqual([404, 'pods "web": logs are not in a snapshot']);
});
