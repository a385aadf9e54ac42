import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createCleaner } from "./cleaner.ts";
import type { UserRule } from "./settings/user-rule.ts";
import { applied, live, manager } from "./testing/live.ts";

const NOTE = "/metadata/annotations/example.com~1note";

function rule(more: Partial<UserRule> = {}): UserRule {
  return { id: "notes", reason: "nobody reads them", types: [], remove: [NOTE], evenIfApplied: false, ...more };
}

function removed(object: JsonObject, more: Partial<UserRule> = {}): readonly string[] {
  const { clean } = createCleaner({ rules: [rule(more)] });
  return clean(object)
    .removed.filter((one) => one.rule === "notes")
    .map(({ path }) => path);
}

const annotations = { "example.com/note": "x", keep: "me" };
const deployment = live(
  "apps/v1",
  "Deployment",
  { spec: { replicas: 3, list: [{ a: 1 }, { b: 2 }] } },
  { annotations },
);

describe("a rule of one's own", () => {
  it("takes what its pointers name, with its reason, and leaves the rest", () => {
    const { object, removed } = createCleaner({ rules: [rule()] }).clean(deployment);
    expect(object.metadata).toEqual({ name: "x", namespace: "shop", annotations: { keep: "me" } });
    expect(removed.at(-1)).toEqual({ path: NOTE, rule: "notes", reason: "nobody reads them" });
  });

  it("takes every key and element where a step is *, whole elements too", () => {
    expect(removed(deployment, { remove: ["/spec/list/*/a"] })).toEqual(["/spec/list/0/a"]);
    expect(removed(deployment, { remove: ["/metadata/annotations/*"] })).toEqual([NOTE, "/metadata/annotations/keep"]);
    const { clean } = createCleaner({ rules: [rule({ remove: ["/spec/list/0"] })] });
    expect(clean(deployment).object.spec).toEqual({ replicas: 3, list: [{ b: 2 }] });
  });

  it.each([
    [["deployments.apps"], true],
    [["*.apps"], true],
    [["deploy*"], true],
    [["deployments"], false],
    [["statefulsets.apps", "secrets"], false],
  ])("applies to types %j: %s", (types, applies) => {
    expect(removed(deployment, { types }).length > 0).toBe(applies);
  });

  it("knows the plural of a type that names only its kind", () => {
    const policy = live("networking.k8s.io/v1", "NetworkPolicy", {}, { annotations });
    const ingressClass = live("networking.k8s.io/v1", "IngressClass", {}, { annotations });
    expect(removed(policy, { types: ["networkpolicies.networking.k8s.io"] })).toEqual([NOTE]);
    expect(removed(ingressClass, { types: ["ingressclasses.networking.k8s.io"] })).toEqual([NOTE]);
  });

  it.each([
    ["spec.replicas > `2`", true],
    ["spec.replicas > `3`", false],
    ["metadata.annotations.keep", true],
    ["metadata.annotations.missing", false],
    ["starts_with(metadata.labels.app, 'x')", false],
    ["contains(metadata.namespace, 'ho') && spec.list[?a == `1`]", true],
  ])("with the condition %s applies: %s", (when, applies) => {
    expect(removed(deployment, { when }).length > 0).toBe(applies);
  });

  it("compares integers beyond the exact range of a double", () => {
    const widget = live("example.com/v1", "Widget", { spec: { n: 9007199254740993n } }, { annotations });
    expect(removed(widget, { when: "spec.n > `5`" })).toEqual([NOTE]);
  });

  it("leaves what somebody applied, and lists of custom resources, unless it says otherwise", () => {
    const owner = {
      managedFields: [manager("Apply", { "f:metadata": { "f:annotations": { "f:example.com/note": {} } } })],
    };
    const byServer = live("apps/v1", "Deployment", {}, { annotations, ...owner });
    const byClient = live(
      "v1",
      "ConfigMap",
      {},
      { annotations: { ...annotations, ...applied({ metadata: { annotations } }) } },
    );
    const widget = live("example.com/v1", "Widget", { spec: { items: [{ at: "now" }] } });
    for (const [object, remove] of [
      [byServer, NOTE],
      [byClient, NOTE],
      [widget, "/spec/items/*/at"],
    ] as const) {
      expect(removed(object, { remove: [remove] })).toEqual([]);
      expect(removed(object, { remove: [remove], evenIfApplied: true })).toHaveLength(1);
    }
  });
});

describe("rules that are switched off", () => {
  it("do nothing, whether for fields or for whole objects", () => {
    const { clean, dropReason } = createCleaner({ disable: ["status", "root-ca-config-map"] });
    expect(clean(live("v1", "ConfigMap", { status: {} })).object.status).toEqual({});
    expect(dropReason(live("v1", "ConfigMap", {}, { name: "kube-root-ca.crt" }))).toBeUndefined();
  });
});

describe("the fingerprint of a cleaner", () => {
  it("is another one for other settings, and the same for the same in another order of `disable`", () => {
    const prints = [
      createCleaner(),
      createCleaner({ disable: ["status"] }),
      createCleaner({ rules: [rule()] }),
      createCleaner({ rules: [rule({ when: "spec" })] }),
      createCleaner({ rules: [rule({ evenIfApplied: true })] }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(createCleaner({ disable: ["status", "last-applied"] }).fingerprint).toBe(
      createCleaner({ disable: ["last-applied", "status"] }).fingerprint,
    );
    expect(createCleaner({ rules: [rule({ reason: "said otherwise" })] }).fingerprint).toBe(prints[2]);
  });
});

describe("settings that cannot be used", () => {
  it("are all named, with the key of each and what to write instead", () => {
    const rules = [
      rule({ remove: [], types: ["Deployment"] }),
      rule({ remove: ["spec", "/a~b", "/metadata/*", "/spec//a"], when: "a[" }),
    ];
    expect(() => createCleaner({ disable: ["statuss", "nothing-like-it"], rules })).toThrow(
      expect.objectContaining({ kind: "settings" }),
    );
    for (const said of [
      'clean.disable[0]: there is no built-in rule "statuss"; did you mean status?',
      'clean.disable[1]: there is no built-in rule "nothing-like-it"; `kubeferry clean --rules` lists them',
      'clean.rules[0].types[0]: "Deployment": expected the plural and the group, such as deployments.apps',
      "clean.rules[0].remove: names nothing that goes",
      'clean.rules[1].id: another rule is called "notes"',
      'clean.rules[1].remove[0]: "spec": expected a JSON pointer',
      'clean.rules[1].remove[1]: "/a~b": "~" is written ~0',
      'clean.rules[1].remove[2]: "/metadata/*": an object cannot be without',
      'clean.rules[1].remove[3]: "/spec//a": one of its steps is empty',
      "clean.rules[1].when: is no JMESPath expression",
    ]) {
      expect(() => createCleaner({ disable: ["statuss", "nothing-like-it"], rules })).toThrow(said);
    }
  });
});

it("asks for each type the rules that apply to it, whatever type was asked about before", () => {
  const { clean, dropReason } = createCleaner();
  const service = live("v1", "Service", { spec: { clusterIP: "10.0.0.1" } });
  const [services, deployments] = [
    { group: "", kind: "Service" },
    { group: "apps", kind: "Deployment" },
  ];
  for (const type of [services, deployments, services]) {
    const isService = type === services;
    expect(clean(service, type).removed.some(({ rule }) => rule === "service-cluster-ip")).toBe(isService);
  }
  const root = live("v1", "ConfigMap", { data: { "ca.crt": "x" } }, { name: "kube-root-ca.crt" });
  expect(dropReason(root, deployments)).toBeUndefined();
  expect(dropReason(root, { group: "", kind: "ConfigMap" })?.rule).toBe("root-ca-config-map");
});
