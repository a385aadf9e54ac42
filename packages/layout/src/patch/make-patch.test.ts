import { emitYaml, parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { applyPatch } from "./apply-patch.ts";
import { makePatch } from "./make-patch.ts";

function object(yaml: string): JsonObject {
  return parseYaml(yaml) as JsonObject;
}

function deployment(spec: string, name = "web"): JsonObject {
  return object(
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: shop}, spec: {template: {spec: ${spec}}}}`,
  );
}

function widget(spec: string, name = "blue"): JsonObject {
  return object(
    `{apiVersion: example.com/v1, kind: Widget, metadata: {name: ${name}, namespace: shop}, spec: ${spec}}`,
  );
}

/** The patch as its file holds it, and that it does what it is for. */
function fileOf(base: JsonObject, wanted: JsonObject): string {
  const patch = makePatch(base, wanted);
  if (patch === "whole") return patch;
  expect(applyPatch(base, patch)).toEqual(wanted);
  return emitYaml(patch.content);
}

describe("a patch", () => {
  it("names every container in the order that is wanted, and of each only what differs", () => {
    const base = deployment(
      "{containers: [{name: proxy, image: envoy}, {name: web, image: 'nginx:1', env: [{name: A}]}]}",
    );
    const wanted = deployment(
      "{containers: [{name: proxy, image: envoy}, {name: web, image: 'nginx:2', env: [{name: A}]}]}",
    );
    expect(fileOf(base, wanted)).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
      - name: proxy
      - image: nginx:2
        name: web
`);
  });

  it("takes a key away by null, and leaves an empty map where one is wanted", () => {
    expect(fileOf(widget("{a: 1, map: {b: 2}, c: 3}"), widget("{map: {}, c: 3}"))).toBe(`apiVersion: example.com/v1
kind: Widget
metadata:
  name: blue
  namespace: shop
spec:
  a: null
  map:
    b: null
`);
  });

  it("of a list of a custom resource replaces the smallest value, after a test of what is there", () => {
    const patch = makePatch(
      widget("{rules: [{'a/b': one}, {host: x}]}", "blue.v1"),
      widget("{rules: [{'a/b': two}, {host: x}]}", "blue.v1"),
    );
    expect(patch).toEqual({
      content: [
        { op: "test", path: "/spec/rules/0/a~1b", value: "one" },
        { op: "replace", path: "/spec/rules/0/a~1b", value: "two" },
      ],
      target: { group: "example\\.com", version: "v1", kind: "Widget", name: "blue\\.v1", namespace: "shop" },
    });
  });

  it.each([
    ["one more at the end", "[a, b]", "[a, b, c]", "- {op: add, path: /spec/list/-, value: c}"],
    ["one more before the last", "[a, b]", "[a, x, b]", "- {op: add, path: /spec/list/1, value: x}"],
    [
      "one less",
      "[{host: a}, {host: b}, {host: c}]",
      "[{host: a}, {host: c}]",
      "- {op: test, path: /spec/list/1, value: {host: b}}\n- {op: remove, path: /spec/list/1}",
    ],
    [
      "one changed by its name, after one more",
      "[{name: a, n: 1}, {name: b, n: 1, of: [x, y, z]}]",
      "[{name: new}, {name: a, n: 1}, {name: b, n: 2, of: [x, y, z]}]",
      "- {op: add, path: /spec/list/0, value: {name: new}}\n- {op: test, path: /spec/list/2/n, value: 1}\n- {op: replace, path: /spec/list/2/n, value: 2}",
    ],
    [
      "nothing left as it was",
      "[a, b]",
      "[c, d, e]",
      "- {op: test, path: /spec/list, value: [a, b]}\n- {op: replace, path: /spec/list, value: [c, d, e]}",
    ],
  ])("of a list with %s says no more than that", (_which, base, wanted, operations) => {
    expect(parseYaml(fileOf(widget(`{list: ${base}}`), widget(`{list: ${wanted}}`)))).toEqual(parseYaml(operations));
  });

  it("for a core object says so, since an empty group stands for any", () => {
    const service = (port: number) =>
      object(`{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: ${port}}]}}`);
    expect(makePatch(service(80), service(81))).toMatchObject({
      target: { group: "^$", version: "v1", kind: "Service", name: "web" },
    });
  });

  it.each([
    ["a text becomes another type, which kustomize would write as text", "{a: 'yes'}", "{a: true}"],
    ["null is content", "{a: 1}", "{a: null}"],
    ["a key looks like an order to kustomize", "{a: 1}", "{a: 1, $patch: delete}"],
    ["a key is empty, at which a build stops", "{'': 1, a: 1}", "{'': 1, a: 2}"],
    [
      "variables have one name, of which one would be lost",
      "{env: [{name: A}, {name: A}], a: 1}",
      "{env: [{name: A}, {name: A}], a: 2}",
    ],
    [
      "some ports have no protocol",
      "{ports: [{port: 1}, {port: 2, protocol: UDP}], a: 1}",
      "{ports: [{port: 1}, {port: 2, protocol: UDP}], a: 2}",
    ],
  ])("is no strategic merge where %s", (_why, base, wanted) => {
    expect(fileOf(widget(base), widget(wanted))).toMatch(/^- op: /);
  });

  it.each([
    [
      "with an integer that a JSON patch would round",
      "{big: 9007199254740993, list: [1]}",
      "{big: 9007199254740993, list: [2]}",
    ],
    ["with a null that a test would have to hold, at which kustomize crashes", "{list: [[null], 1]}", "{list: [1]}"],
  ])("is not made for an object %s: it is written whole", (_which, base, wanted) => {
    expect(fileOf(widget(base), widget(wanted))).toBe("whole");
  });

  it("of a ServiceAccount is no JSON patch: kustomize would write its namespace into the bindings that name it", () => {
    const account = (secrets: string): JsonObject =>
      object(`{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}, imagePullSecrets: ${secrets}}`);
    expect(fileOf(account("[{name: a}, {name: b}]"), account("[{name: a}]"))).toBe("whole");
    expect(fileOf(account("[{name: a}]"), account("[{name: b}, {name: a}]"))).toBe(`apiVersion: v1
imagePullSecrets:
- name: b
- name: a
kind: ServiceAccount
metadata:
  name: web
`);
  });

  it("is not made between two objects", () => {
    expect(makePatch(widget("{}"), widget("{}", "green"))).toBe("whole");
  });

  it("for something else is refused, not half applied", () => {
    const patch = makePatch(widget("{list: [1]}"), widget("{list: [2]}"));
    if (patch === "whole") throw new Error("a patch was expected");
    expect(() => applyPatch(widget("{list: [3]}"), patch)).toThrow("something else is at /spec/list/0");
    expect(() => applyPatch(widget("{}"), patch)).toThrow("there is nothing");
  });
});
