import type { JsonObject } from "@kubeferry/model";
import type { OverrideConfig } from "@kubeferry/shared-config";
import { deployment } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { applyOverrides } from "./apply-overrides.ts";
import { ruleName } from "./rule.ts";
import { rulesOf } from "./rules.ts";

interface Spec {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly scaled?: boolean;
}

/** The object with what the layers say of it, the strongest last, and the names of the rules that fitted. */
function override(object: JsonObject, layers: readonly OverrideConfig[], spec: Spec = {}) {
  const { group = "apps", kind = "Deployment", name = "web", scaled = false } = spec;
  const ref = { group, kind, name, namespace: "shop", resource: "any" };
  const rules = rulesOf(layers.map((keys, index) => ({ path: [`layer${index}`], keys })));
  const fitted = new Set<string>();
  const result = applyOverrides(object, rules, { ref, environment: "dev", scaled }, (rule) =>
    fitted.add(ruleName(rule)),
  );
  return { result, fitted: [...fitted] };
}

function podOf(object: JsonObject): unknown {
  const { template } = object.spec as { template: { spec: unknown } };
  return template.spec;
}

function withPod(spec: JsonObject): JsonObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { template: { spec } } };
}

describe("replicas", () => {
  it("are those of the last name or glob that fits, a stronger layer's after a weaker one's", () => {
    const { result, fitted } = override(deployment("shop/web", 5), [
      { replicas: { web: 2, "*": 1 } },
      { replicas: { "w*": 3, api: 9 } },
    ]);
    expect(result).toMatchObject({ spec: { replicas: 3 } });
    expect(fitted).toEqual(["layer0.replicas.web", "layer0.replicas.*", "layer1.replicas.w*"]);
  });

  it.each<[string, JsonObject, Spec]>([
    ["that stands at 0", deployment("shop/web", 0), {}],
    ["that an autoscaler scales", deployment("shop/web", 4), { scaled: true }],
    ["that says no number", withPod({}), {}],
    ["of another type", { spec: { replicas: 2 } }, { group: "example.com", kind: "Widget" }],
  ])("of a workload %s stay", (_, object, spec) => {
    expect(override(object, [{ replicas: { "*": 3 } }], spec).result).toBe(object);
  });

  it("are those of StatefulSets and DeploymentConfigs too, and may be 0", () => {
    const object = { spec: { replicas: 2 } };
    for (const spec of [{ kind: "StatefulSet" }, { group: "apps.openshift.io", kind: "DeploymentConfig" }])
      expect(override(object, [{ replicas: { "*": 0 } }], spec).result).toEqual({ spec: { replicas: 0 } });
  });
});

describe("requests and limits", () => {
  it("are set in the containers that fit, init containers included, others stay", () => {
    const object = withPod({
      initContainers: [{ name: "migrate", resources: {} }],
      containers: [
        { name: "web", resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } } },
        { name: "proxy" },
      ],
    });
    const { result } = override(object, [
      { resources: [{ workload: "*", container: "*", requests: { cpu: "100m" } }] },
      { resources: [{ workload: "web", container: "web", limits: { cpu: "2" } }] },
    ]);
    expect(podOf(result)).toEqual({
      initContainers: [{ name: "migrate", resources: { requests: { cpu: "100m" } } }],
      containers: [
        {
          name: "web",
          resources: { requests: { cpu: "100m", memory: "1Gi" }, limits: { memory: "2Gi", cpu: "2" } },
        },
        { name: "proxy", resources: { requests: { cpu: "100m" } } },
      ],
    });
  });

  it("reach the Pods of a CronJob, and no workload of another name", () => {
    const template = { spec: { containers: [{ name: "run" }] } };
    const cron = { spec: { jobTemplate: { spec: { template } } } };
    const resources = [{ workload: "web", container: "run", limits: { memory: "64Mi" } }];
    expect(override(cron, [{ resources }], { group: "batch", kind: "CronJob" }).result).toEqual({
      spec: {
        jobTemplate: {
          spec: { template: { spec: { containers: [{ name: "run", resources: { limits: { memory: "64Mi" } } }] } } },
        },
      },
    });
    expect(override(cron, [{ resources }], { group: "batch", kind: "CronJob", name: "x" }).result).toBe(cron);
  });
});

describe("images", () => {
  const DIGEST = `sha256:${"a".repeat(64)}`;

  function image(text: string, ...layers: readonly OverrideConfig["images"][]): unknown {
    const object = withPod({ containers: [{ name: "web", image: text }] });
    const written = layers.map((images) => (images === undefined ? {} : { images }));
    return (podOf(override(object, written).result) as { containers: { image: string }[] }).containers[0]?.image;
  }

  it.each<[string, NonNullable<OverrideConfig["images"]>[number], string]>([
    ["nginx:1.29", { from: "nginx", tag: "1.30" }, "nginx:1.30"],
    ["nginx:1.29", { from: "docker.io/library/nginx", to: "registry.dev/nginx" }, "registry.dev/nginx:1.29"],
    ["docker.io/nginx", { from: "nginx", tag: "1" }, "docker.io/nginx:1"],
    ["acme/web:1", { from: "docker.io/acme/web", digest: DIGEST }, `acme/web@${DIGEST}`],
    [`quay.io/acme/web:1@${DIGEST}`, { from: "quay.io/acme/web", tag: "2" }, "quay.io/acme/web:2"],
    [`quay.io/acme/web:1@${DIGEST}`, { from: "quay.io/acme/web", to: "local/web" }, `local/web:1@${DIGEST}`],
    ["nginx:1.29", { from: "docker.io/", to: "mirror.example.com/hub/" }, "mirror.example.com/hub/library/nginx:1.29"],
    ["acme/web:1", { from: "acme/", to: "quay.io/acme/" }, "quay.io/acme/web:1"],
    ["host:5000/a/b:1", { from: "host:5000/a/", to: "host:6000/a/" }, "host:6000/a/b:1"],
  ])("%s with %o is %s", (text, rule, expected) => {
    expect(image(text, [rule])).toBe(expected);
  });

  it.each([
    ["nginx-unprivileged:1", "nginx"],
    ["quay.io/library/nginx", "nginx"],
    ["quay.io/acmeplus/web", "quay.io/acme/"],
    [" ", "nginx"],
    ["${IMAGE}", "nginx"],
  ])("%o is not %s", (text, from) => {
    expect(image(text, [{ from, to: from.endsWith("/") ? "elsewhere/" : "elsewhere" }])).toBe(text);
  });

  it("get their name from one rule and their version from another, each held against what the source has", () => {
    const registry = [{ from: "docker.io/", to: "mirror.example.com/" }];
    expect(image("nginx:1.29", registry, [{ from: "nginx", tag: "1.30" }])).toBe(
      "mirror.example.com/library/nginx:1.30",
    );
    expect(image("nginx:1.29", [{ from: "nginx", to: "a", tag: "1" }], [{ from: "nginx", to: "b" }])).toBe("b:1");
  });

  it("are those of init and ephemeral containers too, and of a DeploymentConfig", () => {
    const containers = (text: string) => [{ name: "x", image: text }];
    const pod = (text: string): JsonObject => ({
      initContainers: containers(text),
      containers: containers(text),
      ephemeralContainers: containers(text),
    });
    const config = { group: "apps.openshift.io", kind: "DeploymentConfig" };
    const { result } = override(withPod(pod("nginx")), [{ images: [{ from: "nginx", tag: "1" }] }], config);
    expect(podOf(result)).toEqual(pod("nginx:1"));
  });
});

describe("hosts", () => {
  const HOSTS = [
    { from: "*.example.com", to: "*.dev.example.com" },
    { from: "shop.example.com", to: "shop.test" },
  ];

  it("of an Ingress change in its rules and certificates, the last that fits counts", () => {
    const ingress = (...hosts: readonly string[]): JsonObject => ({
      spec: { rules: hosts.map((host) => ({ host })), tls: [{ hosts: [...hosts], secretName: "tls" }] },
    });
    const spec = { group: "networking.k8s.io", kind: "Ingress" };
    const object = ingress("shop.example.com", "a.b.example.com", "*.example.com", "example.com", "other.org");
    expect(override(object, [{ hosts: HOSTS }], spec).result).toEqual(
      ingress("shop.test", "a.b.dev.example.com", "*.dev.example.com", "example.com", "other.org"),
    );
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    ["route.openshift.io", "Route", { host: "shop.example.com" }, { host: "shop.test" }],
    [
      "gateway.networking.k8s.io",
      "Gateway",
      { listeners: [{ name: "a", hostname: "*.example.com" }, { name: "b" }] },
      { listeners: [{ name: "a", hostname: "*.dev.example.com" }, { name: "b" }] },
    ],
    ["gateway.networking.k8s.io", "HTTPRoute", { hostnames: ["x.example.com"] }, { hostnames: ["x.dev.example.com"] }],
    ["gateway.networking.k8s.io", "GRPCRoute", { hostnames: ["x.example.com"] }, { hostnames: ["x.dev.example.com"] }],
    ["gateway.networking.k8s.io", "TLSRoute", { hostnames: ["x.example.com"] }, { hostnames: ["x.dev.example.com"] }],
    ["example.com", "Widget", { host: "shop.example.com" }, { host: "shop.example.com" }],
  ])("of %s %s", (group, kind, before, after) => {
    expect(override({ spec: before }, [{ hosts: HOSTS }], { group, kind }).result).toEqual({ spec: after });
  });
});

describe("labels and annotations", () => {
  it("are set on the object alone, a stronger layer over a weaker one", () => {
    const { result } = override(deployment("shop/web"), [
      { labels: { team: "a", tier: "gold" }, annotations: { "example.com/cost": "1" } },
      { labels: { team: "b" } },
    ]);
    expect(result).toMatchObject({
      metadata: { name: "web", labels: { team: "b", tier: "gold" }, annotations: { "example.com/cost": "1" } },
      spec: { selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } } } },
    });
  });

  it("that are there already change nothing", () => {
    const object = { metadata: { name: "x", labels: { team: "a" } } };
    expect(override(object, [{ labels: { team: "a" } }]).result).toBe(object);
  });
});

describe("patches", () => {
  const WEB = { kind: "Deployment", name: "web" };

  it("merge maps, remove with null, replace lists, and see what the other overrides did", () => {
    const object = { metadata: { name: "web" }, spec: { replicas: 2, paused: true, args: ["a", "b"], deep: { a: 1 } } };
    const merge = { spec: { paused: null, args: ["c"], deep: { b: { c: null, d: 2 } } } };
    const json = [
      { op: "test" as const, path: "/spec/replicas", value: 3 },
      { op: "add" as const, path: "/spec/args/-", value: "d" },
    ];
    const { result } = override(object, [
      { replicas: { "*": 3 }, patches: [{ target: WEB, merge }] },
      { patches: [{ target: { ...WEB, name: "w*" }, json }] },
    ]);
    expect(result).toEqual({
      metadata: { name: "web" },
      spec: { replicas: 3, args: ["c", "d"], deep: { a: 1, b: { d: 2 } } },
    });
    expect(object.spec.args).toEqual(["a", "b"]);
  });

  it("reach only what their target names", () => {
    const object = { spec: {} };
    const merge = { spec: { paused: true } };
    for (const target of [
      { ...WEB, name: "api" },
      { ...WEB, kind: "StatefulSet" },
      { ...WEB, group: "" },
    ])
      expect(override(object, [{ patches: [{ target, merge }] }]).result).toBe(object);
  });

  it.each<[string, NonNullable<NonNullable<OverrideConfig["patches"]>[number]["json"]>, string]>([
    [
      "a test that fails",
      [{ op: "test", path: "/spec/replicas", value: 3 }],
      "test /spec/replicas: another value is there",
    ],
    [
      "a field that is not there",
      [{ op: "replace", path: "/spec/none", value: 1 }],
      "replace /spec/none: nothing is there",
    ],
    [
      "no place in a list",
      [{ op: "replace", path: "/spec/args/-", value: 1 }],
      'replace /spec/args/-: "-" is no place in a list',
    ],
    ["the whole object", [{ op: "replace", path: "", value: {} }], "replace : names the whole object"],
    [
      "a key of JavaScript's",
      [{ op: "add", path: "/__proto__/x", value: 1 }],
      "add /__proto__/x: names a key that cannot be patched",
    ],
    [
      "another name",
      [{ op: "replace", path: "/metadata/name", value: "b" }],
      "it changes metadata.name, which would make another object of it",
    ],
    [
      "another namespace",
      [{ op: "add", path: "/metadata/namespace", value: "b" }],
      "it changes metadata.namespace, which would make another object of it",
    ],
  ])("with %s are refused, naming environment, patch and object", (_, json, problem) => {
    const object = { metadata: { name: "web" }, spec: { replicas: 2, args: ["a"] } };
    expect(() => override(object, [{}, { patches: [{ target: WEB, json }] }])).toThrow(
      `gitops: patch Deployment shop/web for environment dev: config: layer1.patches[0]: ${problem}; correct the patch, or narrow its target`,
    );
  });
});
