import { type JsonObject, parseJson } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { compareObjects } from "./compare-objects.ts";

const DEPLOYMENT = { group: "apps", kind: "Deployment", resource: "deployments" };
const SERVICE = { group: "", kind: "Service", resource: "services" };
const SECRET = { group: "", kind: "Secret", resource: "secrets" };
const WIDGET = { group: "example.com", kind: "Widget", resource: "widgets" };

/** A Deployment with one container, which has these fields. */
function web(container: JsonObject, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { template: { spec: { containers: [{ name: "web", ...container }] } }, ...spec },
  };
}

const CONTAINER = "/spec/template/spec/containers/name=web";

describe("two states of a Deployment", () => {
  it("differ in a field that was changed, one that was added and one that is gone", () => {
    const before = web({ image: "web:1", tty: true }, { replicas: 1 });
    const after = web({ image: "web:2" }, { replicas: 1, paused: true });
    expect(compareObjects(before, after, { type: DEPLOYMENT })).toEqual([
      { path: "/spec/paused", kind: "added", after: true },
      { path: `${CONTAINER}/image`, kind: "changed", before: "web:1", after: "web:2" },
      { path: `${CONTAINER}/tty`, kind: "removed", before: true },
    ]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["keys in another order", web({ image: "a", tty: true }), web({ tty: true, image: "a" })],
    [
      "containers in another order",
      { spec: { template: { spec: { containers: [{ name: "a" }, { name: "b" }] } } } },
      { spec: { template: { spec: { containers: [{ name: "b" }, { name: "a" }] } } } },
    ],
    [
      "ports in another order, one of them without its protocol",
      web({ ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }] }),
      web({
        ports: [
          { protocol: "UDP", containerPort: 53 },
          { protocol: "TCP", containerPort: 80 },
        ],
      }),
    ],
    [
      "quantities written in another way",
      web({ resources: { limits: { cpu: "1000m", memory: "1Gi" }, requests: { cpu: 0.5 } } }),
      web({ resources: { limits: { cpu: "1", memory: "1024Mi" }, requests: { cpu: "500m" } } }),
    ],
    ["an empty list, and none", web({ args: [] }), web({})],
    ["an empty map of limits, and none", web({ resources: { limits: {} } }), web({})],
    ["null, and nothing", web({ lifecycle: null }), web({})],
    [
      "variables in another order, when none is filled into another",
      web({
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
      }),
      web({
        env: [
          { name: "B", value: "2" },
          { name: "A", value: "1" },
        ],
      }),
    ],
  ])("do not differ by %s", (_, before, after) => {
    expect(compareObjects(before, after, { type: DEPLOYMENT })).toEqual([]);
    expect(compareObjects(after, before, { type: DEPLOYMENT })).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    [
      "a port that is a text and one that is a number",
      web({ livenessProbe: { httpGet: { port: "80" } } }),
      web({ livenessProbe: { httpGet: { port: 80 } } }),
      `${CONTAINER}/livenessProbe/httpGet/port`,
    ],
    ["arguments in another order", web({ args: ["a", "b"] }), web({ args: ["b", "a"] }), `${CONTAINER}/args/0`],
    [
      "an empty selector, which takes everything",
      { spec: { namespaceSelector: {} } },
      { spec: {} },
      "/spec/namespaceSelector",
    ],
    [
      "an empty volume, which is one",
      { spec: { template: { spec: { volumes: [{ name: "a", emptyDir: {} }] } } } },
      { spec: { template: { spec: { volumes: [{ name: "a" }] } } } },
      "/spec/template/spec/volumes/name=a/emptyDir",
    ],
    [
      "whole numbers that no double tells apart",
      web({ securityContext: { runAsUser: 9007199254740993n } }),
      web({ securityContext: { runAsUser: 9007199254740992n } }),
      `${CONTAINER}/securityContext/runAsUser`,
    ],
    [
      "a label with an empty value, and none",
      { metadata: { labels: { a: "" } } },
      { metadata: {} },
      "/metadata/labels/a",
    ],
  ])("differ by %s", (_, before, after, path) => {
    expect(compareObjects(before, after, { type: DEPLOYMENT })[0]?.path).toBe(path);
    expect(compareObjects(after, before, { type: DEPLOYMENT })[0]?.path).toBe(path);
  });

  it("differ by the order of init containers, which run one after the other", () => {
    const spec = (...names: string[]) => ({
      spec: { template: { spec: { initContainers: names.map((name) => ({ name })) } } },
    });
    expect(compareObjects(spec("wait", "migrate"), spec("migrate", "wait"), { type: DEPLOYMENT })).toEqual([
      {
        path: "/spec/template/spec/initContainers",
        kind: "changed",
        before: ["name=wait", "name=migrate"],
        after: ["name=migrate", "name=wait"],
        order: true,
      },
    ]);
  });

  it("differ by the order of variables of which one is filled into another", () => {
    const [host, url] = [
      { name: "HOST", value: "db" },
      { name: "URL", value: "pg://$(HOST)" },
    ];
    expect(compareObjects(web({ env: [host, url] }), web({ env: [url, host] }), { type: DEPLOYMENT })).toEqual([
      {
        path: `${CONTAINER}/env`,
        kind: "changed",
        before: ["name=HOST", "name=URL"],
        after: ["name=URL", "name=HOST"],
        order: true,
      },
    ]);
  });

  it("say one change for one argument more at the front", () => {
    expect(compareObjects(web({ args: ["a", "b"] }), web({ args: ["-v", "a", "b"] }), { type: DEPLOYMENT })).toEqual([
      { path: `${CONTAINER}/args/0`, kind: "added", after: "-v" },
    ]);
  });

  it("are compared by places where two elements have one name", () => {
    const twice = (value: string) =>
      web({
        env: [
          { name: "A", value: "1" },
          { name: "A", value },
        ],
      });
    expect(compareObjects(twice("2"), twice("3"), { type: DEPLOYMENT })).toEqual([
      { path: `${CONTAINER}/env/1/value`, kind: "changed", before: "2", after: "3" },
    ]);
  });

  it("name a finalizer by itself", () => {
    const held = (...finalizers: string[]) => ({ metadata: { finalizers } });
    expect(compareObjects(held("a/x", "b/y"), held("b/y", "c/z"), { type: DEPLOYMENT })).toEqual([
      { path: "/metadata/finalizers/=a~1x", kind: "removed", before: "a/x" },
      { path: "/metadata/finalizers/=c~1z", kind: "added", after: "c/z" },
    ]);
  });
});

it.each([
  ["a label", { metadata: { labels: { divisor: "1Gi" } } }, { metadata: { labels: { divisor: "1024Mi" } } }],
  ["a key", { data: { sizeLimit: "1Gi" } }, { data: { sizeLimit: "1024Mi" } }],
])("takes %s for a text, though it is called as quantities are", (_, before, after) => {
  const type = { group: "", kind: "ConfigMap", resource: "configmaps" };
  expect(compareObjects(before, after, { type })).toHaveLength(1);
});

it("tells ports of a service apart by number and protocol", () => {
  const service = (...ports: JsonObject[]) => ({ spec: { ports } });
  const before = service({ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" });
  const after = service({ port: 53, protocol: "TCP", targetPort: 5353 }, { port: 53, protocol: "UDP" });
  expect(compareObjects(before, after, { type: SERVICE })).toEqual([
    { path: "/spec/ports/port=53,protocol=TCP/targetPort", kind: "added", after: 5353 },
  ]);
});

describe("a custom resource without a schema", () => {
  it.each<[string, JsonObject, JsonObject]>([
    ["an empty map", { spec: { limits: {} } }, { spec: {} }],
    ["null", { spec: { a: null } }, { spec: {} }],
    [
      "the order of a list",
      { spec: { env: [{ name: "a" }, { name: "b" }] } },
      { spec: { env: [{ name: "b" }, { name: "a" }] } },
    ],
    ["how a quantity is written", { spec: { limits: { cpu: "1" } } }, { spec: { limits: { cpu: "1000m" } } }],
  ])("is compared as it is written: %s counts", (_, before, after) => {
    expect(compareObjects(before, after, { type: WIDGET })).not.toEqual([]);
  });

  it("has the metadata that every object has", () => {
    expect(compareObjects({ metadata: { labels: {} } }, { metadata: {} }, { type: WIDGET })).toEqual([]);
  });
});

describe("a Secret", () => {
  const secret = (data: JsonObject, rest: JsonObject = {}) => ({ apiVersion: "v1", kind: "Secret", data, ...rest });

  it("has values that are compared and not shown", () => {
    const before = secret({ user: "YWRtaW4=", password: "aHVudGVyMg==" });
    const after = secret({ user: "YWRtaW4=", password: "c3dvcmRmaXNo", token: "dG9rZW4=" });
    expect(compareObjects(before, after, { type: SECRET })).toEqual([
      { path: "/data/password", kind: "changed", hidden: true },
      { path: "/data/token", kind: "added", hidden: true },
    ]);
  });

  it("shows no copy of a value in an annotation or a label", () => {
    const copies = {
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"password":"aHVudGVyMg=="}}',
        note: "it is hunter2",
        team: "shop",
      },
    };
    const changes = compareObjects(secret({ password: "aHVudGVyMg==" }, { metadata: copies }), secret({}), {
      type: SECRET,
    });
    expect(changes).toEqual([
      { path: "/data/password", kind: "removed", hidden: true },
      {
        path: "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
        kind: "removed",
        hidden: true,
      },
      { path: "/metadata/annotations/note", kind: "removed", hidden: true },
      { path: "/metadata/annotations/team", kind: "removed", before: "shop" },
    ]);
  });

  it("shows no value that it had before in an annotation that it has now", () => {
    const before = secret({ password: "aHVudGVyMg==" });
    const after = secret({ password: "c3dvcmRmaXNo" }, { metadata: { annotations: { note: "it was hunter2" } } });
    const changes = [
      { path: "/data/password", kind: "changed", hidden: true },
      { path: "/metadata/annotations/note", kind: "added", hidden: true },
    ];
    expect(compareObjects(before, after, { type: SECRET })).toEqual(changes);
  });

  it("shows nothing of an annotation that was emptied when its values were withheld", () => {
    const marked = (note: string) => ({ metadata: { annotations: { "kubeferry.io/withheld": "values", note } } });
    const before = secret({ password: "" }, marked(""));
    const after = secret({ password: "c3dvcmRmaXNo" }, { metadata: { annotations: { note: "it was hunter2" } } });
    const note = { path: "/metadata/annotations/note", kind: "changed", hidden: true };
    expect(compareObjects(before, after, { type: SECRET })).toEqual([note]);
    expect(compareObjects(before, secret({ password: "" }, marked("it was hunter2")), { type: SECRET })).toEqual([
      note,
    ]);
  });

  it.each([
    [{ data: "hunter2" }],
    [{ data: ["hunter2"] }],
    [{ stringData: "hunter2" }],
    [{ metadata: { annotations: "hunter2" } }],
  ])("shows nothing of a value that stands where no value can: %j", (fields) => {
    const changes = compareObjects({ kind: "Secret" }, { kind: "Secret", ...fields } as JsonObject, { type: SECRET });
    expect(changes).toHaveLength(1);
    expect(JSON.stringify(changes)).not.toContain("hunter2");
  });

  it("is the same written with stringData", () => {
    const written = { apiVersion: "v1", kind: "Secret", stringData: { password: "hunter2" } };
    expect(compareObjects(secret({ password: "aHVudGVyMg==" }), written, { type: SECRET })).toEqual([]);
  });

  it("of which one side was withheld differs in its keys alone", () => {
    const withheld = secret({ password: "" }, { metadata: { annotations: { "kubeferry.io/withheld": "values" } } });
    expect(compareObjects(withheld, secret({ password: "aHVudGVyMg==", user: "YQ==" }), { type: SECRET })).toEqual([
      { path: "/data/user", kind: "added", hidden: true },
    ]);
  });
});

it("hides every value of an object that was encrypted for what it holds", () => {
  const config = (value: string) => ({ data: { "app.ini": value } });
  const type = { group: "", kind: "ConfigMap", resource: "configmaps" };
  expect(compareObjects(config("key=1"), config("key=2"), { type, hideValues: true })).toEqual([
    { path: "/data/app.ini", kind: "changed", hidden: true },
  ]);
});

it("hides every value of an object that holds something in the form of a credential, on whichever side", () => {
  const config = (token: string, note: string) => ({ data: { token, note } });
  const type = { group: "", kind: "ConfigMap", resource: "configmaps" };
  const [holding, plain] = [config(`ghp_${"a1B2".repeat(9)}`, "1"), config("", "2")];
  const hidden = [
    { path: "/data/note", kind: "changed", hidden: true },
    { path: "/data/token", kind: "changed", hidden: true },
  ];
  expect(compareObjects(holding, plain, { type })).toEqual(hidden);
  expect(compareObjects(plain, holding, { type })).toEqual(hidden);
});

it("takes a key called __proto__ for a key", () => {
  const before = parseJson('{"data":{"__proto__":"1"}}') as JsonObject;
  const after = parseJson('{"data":{"__proto__":"2"}}') as JsonObject;
  expect(compareObjects(before, after, { type: WIDGET })).toEqual([
    { path: "/data/__proto__", kind: "changed", before: "1", after: "2" },
  ]);
});

it("comes to an end with lists within lists, and however deeply an object is nested", () => {
  const nested = (depth: number, end: number) =>
    parseJson(`{"spec":${"[".repeat(depth)}${end}${"]".repeat(depth)}}`) as JsonObject;
  expect(compareObjects(nested(200, 1), nested(200, 2), { type: WIDGET })).toHaveLength(1);
  expect(compareObjects(nested(5_000, 1), nested(5_000, 2), { type: WIDGET })).toHaveLength(1);
});
