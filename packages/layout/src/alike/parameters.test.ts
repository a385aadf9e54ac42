import type { JsonObject, Likeness } from "@kubeferry/model";
import { configMap, deployment, withMetadata } from "@kubeferry/test-fleet";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkParameters } from "./configured.ts";
import { compared } from "./testing/compared.ts";
import { withoutWords } from "./words.ts";

function ingress(name: string, host: string): JsonObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "shop" },
    spec: { tls: [{ hosts: [host], secretName: `${name}-tls` }], rules: [{ host }] },
  };
}

function workload(name: string, image: string, env: Readonly<Record<string, string>> = {}): JsonObject {
  const object = deployment(`shop/${name}`);
  const variables = Object.entries(env).map(([variable, value]) => ({ name: variable, value }));
  const template = { spec: { containers: [{ name: "app", image, env: variables }] } };
  return { ...object, spec: { replicas: 2, template } };
}

function claim(name: string, storageClassName: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "shop" },
    spec: { storageClassName },
  };
}

function database(name: string, storageClassName: string): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: "shop" },
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { storageClassName } }] },
  };
}

/** Parameters in few words, and the objects that differ otherwise. */
function told({ parameters, differences }: Likeness) {
  return {
    parameters: parameters.map(({ name, values, places, objects, partly }) => [
      name,
      ...Object.values(values),
      `${places} in ${objects}`,
      ...(partly === 0 ? [] : [`part of ${partly}`]),
    ]),
    differences: differences.map(({ object, places, paths }) => [object, places, ...paths]),
  };
}

describe("what is only named otherwise", () => {
  it("is one host for the Ingresses of two domains", async () => {
    const hosts = (domain: string) => ["web", "api", "docs"].map((name) => ingress(name, `${name}.${domain}`));
    expect(told(await compared({ dev: hosts("dev.example.com"), prod: hosts("example.com") }))).toEqual({
      parameters: [["host", "dev.example.com", "example.com", "6 in 3"]],
      differences: [],
    });
  });

  it("is one registry for images with equal tags", async () => {
    const images = (registry: string) =>
      ["web", "api", "docs"].map((name) => workload(name, `${registry}/${name}:1.4`));
    expect(told(await compared({ dev: images("quay.io/shop"), prod: images("mirror.local:5000/shop") }))).toEqual({
      parameters: [["registry", "quay.io", "mirror.local:5000", "3 in 3"]],
      differences: [],
    });
    expect(told(await compared({ dev: images("quay.io/shop"), prod: images("harbor.local/mirror/shop") }))).toEqual({
      parameters: [["registry", "quay.io", "harbor.local/mirror", "3 in 3"]],
      differences: [],
    });
  });

  it("is a registry that one environment does not name", async () => {
    const images = (registry: string) =>
      ["nginx", "redis", "httpd"].map((name) => workload(name, `${registry}${name}:1`));
    expect(told(await compared({ dev: images(""), prod: images("mirror.local/") })).parameters).toEqual([
      ["registry", "", "mirror.local/", "3 in 3"],
    ]);
  });

  it("is not the tag that differs too: the image stays a difference", async () => {
    const images = (registry: string, tag: string) => [
      ...["web", "api", "docs"].map((name) => workload(name, `${registry}/shop/${name}:1.4`)),
      workload("cart", `${registry}/shop/cart:${tag}`),
    ];
    expect(told(await compared({ dev: images("quay.io", "1.5"), prod: images("harbor.local", "1.4") }))).toEqual({
      parameters: [["registry", "quay.io", "harbor.local", "3 in 3", "part of 1"]],
      differences: [["Deployment shop/cart", 1, "/spec/template/spec/containers/app/image"]],
    });
  });

  it("is one storage class, in claims and in templates of claims", async () => {
    const of = (storage: string) => [claim("a", storage), claim("b", storage), database("db", storage)];
    expect(told(await compared({ dev: of("standard"), test: of("standard"), prod: of("gp3") }))).toEqual({
      parameters: [["storage class", "standard", "standard", "gp3", "3 in 3"]],
      differences: [],
    });
  });

  it("is one cluster domain, in variables and within longer texts", async () => {
    const of = (domain: string) => [
      workload("web", "web:1", { DB: `postgres://db.shop.svc.${domain}:5432/shop`, CACHE: `cache.shop.svc.${domain}` }),
      configMap("shop/nginx", {
        "nginx.conf": `upstream api {\n  server api.shop.svc.${domain}:8080;\n  server old.shop.svc.${domain} backup;\n}\n`,
      }),
    ];
    expect(told(await compared({ dev: of("cluster.local"), prod: of("prod.local") }))).toEqual({
      parameters: [["cluster domain", "svc.cluster.local", "svc.prod.local", "3 in 2"]],
      differences: [],
    });
  });

  it("is the clusters' and the environments' own name, wherever it stands", async () => {
    const of = (name: string) => [
      withMetadata(configMap("shop/a"), { labels: { cluster: `${name}-cluster` } }),
      withMetadata(configMap("shop/b"), { annotations: { note: `runs in ${name}` } }),
      configMap("shop/c", { stage: name, queue: `orders-${name}`, bucket: `s3://shop-${name}/data` }),
    ];
    expect(told(await compared({ dev: of("dev"), test: of("test"), prod: of("prod") }))).toEqual({
      parameters: [["environment", "dev", "test", "prod", "5 in 3"]],
      differences: [],
    });
  });

  it("is a setting by its own name that differs alike everywhere", async () => {
    const of = (level: string) =>
      ["web", "api", "docs"].map((name) => workload(name, "app:1", { LOG_LEVEL: level, MODE: name }));
    expect(told(await compared({ dev: of("debug"), prod: of("info") }))).toEqual({
      parameters: [["LOG_LEVEL", "debug", "info", "3 in 3"]],
      differences: [],
    });
  });

  it("is a setting in lines of texts and in arguments, by the name it has there", async () => {
    const of = (level: string, mode: string) => [
      configMap("shop/a", {
        "app.properties": `level=${level}\nmode=${mode}\n`,
        "app.yaml": `log:\n  level: ${level}\n`,
      }),
      configMap("shop/b", { "b.properties": `level = ${level}\nkind=${mode}\n`, args: `--level=${level}` }),
      configMap("shop/c", { "c.properties": `url=a\nstrict=${mode}\n` }),
    ];
    const { parameters, differences } = await compared({ dev: of("debug", "loose"), prod: of("info", "tight") });
    expect(parameters).toMatchObject([{ name: "level", values: { dev: "debug", prod: "info" }, places: 2, partly: 2 }]);
    expect(differences.map(({ paths }) => paths)).toEqual([
      ["/data/app.properties"],
      ["/data/b.properties"],
      ["/data/c.properties"],
    ]);
  });

  it("is found with four environments of which two share a text", async () => {
    const of = (domain: string) => ["web", "api", "docs"].map((name) => ingress(name, `${name}.${domain}`));
    const clusters = {
      dev: of("lab.example.com"),
      test: of("lab.example.com"),
      preprod: of("stage.example.com"),
      prod: of("example.com"),
    };
    expect(told(await compared(clusters))).toEqual({
      parameters: [["host", "lab.example.com", "lab.example.com", "stage.example.com", "example.com", "6 in 3"]],
      differences: [],
    });
  });

  it("is found across namespaces, also where one is not in every environment", async () => {
    const of = (domain: string, ...names: readonly string[]) =>
      names.map((name) => configMap(`${name}/settings`, { url: `https://${name}.${domain}/` }));
    const clusters = {
      dev: of("dev.example.com", "shop", "cart", "docs"),
      test: of("test.example.com", "shop"),
      prod: of("example.com", "shop", "cart", "docs"),
    };
    expect(told(await compared(clusters))).toEqual({
      parameters: [["host", "dev.example.com", "test.example.com", "example.com", "3 in 3"]],
      differences: [],
    });
  });
});

describe("no parameter", () => {
  it("are numbers, sizes and switches that happen to differ alike", async () => {
    const of = (number: string, size: string, flag: string) => [
      configMap("shop/a", { retries: number, cache: size, debug: flag }),
      configMap("shop/b", { workers: number, heap: size, tracing: flag }),
      configMap("shop/c", { shards: number, limit: size, strict: flag }),
    ];
    const { parameters, differences } = await compared({
      dev: of("1", "512Mi", "true"),
      prod: of("2", "1Gi", "false"),
    });
    expect(parameters).toEqual([]);
    expect(differences.map(({ places }) => places)).toEqual([3, 3, 3]);
  });

  it("are numbers of replicas and versions of images", async () => {
    const of = (replicas: number, tag: string) =>
      ["web", "api", "docs"].map((name) => ({
        ...deployment(`shop/${name}`),
        spec: { replicas, template: { spec: { containers: [{ name: "app", image: `${name}:${tag}` }] } } },
      }));
    const { parameters, differences } = await compared({ dev: of(1, "v1.2.0-alpine"), prod: of(3, "v1.3.0-alpine") });
    expect(parameters).toEqual([]);
    expect(differences[0]).toEqual({
      folder: "namespaces/shop",
      object: "Deployment shop/api",
      places: 2,
      paths: ["/spec/replicas", "/spec/template/spec/containers/app/image"],
    });
  });

  it("is what differs alike in two places only", async () => {
    const of = (domain: string) => [ingress("web", `web.${domain}`)];
    expect(told(await compared({ dev: of("dev.example.com"), prod: of("example.com") }))).toEqual({
      parameters: [],
      differences: [["Ingress shop/web", 2, "/spec/rules/0/host", "/spec/tls/0/hosts/0"]],
    });
  });
});

describe("a configured parameter", () => {
  it("counts from the first place on, and before anything that is found", async () => {
    const of = (domain: string) => [ingress("web", `web.${domain}`)];
    const parameters = { domain: { dev: "dev.example.com", prod: "example.com" } };
    const clusters = { dev: of("dev.example.com"), prod: of("example.com") };
    expect((await compared(clusters, { parameters })).parameters).toEqual([
      {
        name: "domain",
        configured: true,
        values: { dev: "dev.example.com", prod: "example.com" },
        places: 2,
        objects: 1,
        partly: 0,
      },
    ]);
  });

  it("that is a part of another one does not take its places", async () => {
    const parameters = {
      domain: { dev: "dev.example.com", prod: "example.com" },
      registry: { dev: "registry.dev.example.com", prod: "harbor.example.com" },
    };
    const of = (registry: string, domain: string) => [
      workload("web", `${registry}/web:1`, { HOST: `web.${domain}`, FROM: `${registry} for ${domain}` }),
    ];
    const clusters = {
      dev: of("registry.dev.example.com", "dev.example.com"),
      prod: of("harbor.example.com", "example.com"),
    };
    expect(told(await compared(clusters, { parameters }))).toEqual({
      parameters: [
        ["domain", "dev.example.com", "example.com", "2 in 1"],
        ["registry", "registry.dev.example.com", "harbor.example.com", "2 in 1"],
      ],
      differences: [],
    });
  });

  it("is whole words: one in a longer name is another name", async () => {
    const parameters = { stage: { dev: "dev", prod: "live" } };
    const clusters = {
      dev: [configMap("shop/a", { path: "/dev/device" })],
      prod: [configMap("shop/a", { path: "/live/liveice" })],
    };
    expect(told(await compared(clusters, { parameters }))).toEqual({
      parameters: [["stage", "dev", "live", "0 in 0", "part of 1"]],
      differences: [["ConfigMap shop/a", 1, "/data/path"]],
    });
  });

  it("that looks like a credential is refused, and its text is not in the message", async () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const message = await Promise.resolve({ account: { dev: token, prod: "live" } })
      .then(checkParameters)
      .then(String, String);
    expect(message).toContain("gitops.parameters.account.dev looks like a credential");
    expect(message).not.toContain(token);
  });
});

describe("parameters of any texts", () => {
  const WORDS = fc.constantFrom("shop", "api", "web", "v1", "eu", "42", "LOG");
  const SIGNS = fc.constantFrom(".", "-", "/", ":", " ", "\n", "=", "@");
  const VALUES = ["dev.example.com", "test.example.org", "prod", "staging-eu", "quay.io", "harbor.local/hub", "7"];
  /** Words, and undefined for the parameter, with signs between. */
  const template = fc.array(fc.tuple(fc.option(WORDS, { nil: undefined }), SIGNS), { minLength: 1, maxLength: 8 });
  const cases = fc.record({
    templates: fc.array(template, { minLength: 1, maxLength: 6 }),
    values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 2, maxLength: 4 }),
  });

  function filled(parts: readonly (readonly [string | undefined, string])[], value: string): string {
    return parts.map(([word, sign]) => `${word ?? value}${sign}`).join("");
  }

  function clustersOf(
    templates: readonly (readonly (readonly [string | undefined, string])[])[],
    values: readonly string[],
  ) {
    return values.map((value) => templates.map((parts) => filled(parts, value)));
  }

  function objectsOf(texts: readonly string[]): readonly JsonObject[] {
    return texts.map((text, index) => configMap(`shop/c${index}`, { text }));
  }

  it("explain every place, where the configuration names them", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ templates, values }) => {
        const texts = clustersOf(templates, values);
        const clusters = Object.fromEntries(values.map((_, index) => [`e${index}`, objectsOf(texts[index] ?? [])]));
        const named = Object.fromEntries(values.map((value, index) => [`e${index}`, value]));
        const { differences } = await compared(clusters, { parameters: { named } });
        expect(differences).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("leave equal texts, where they explain all and are taken out", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ templates, values }) => {
        const texts = clustersOf(templates, values);
        const clusters = Object.fromEntries(values.map((_, index) => [`e${index}`, objectsOf(texts[index] ?? [])]));
        const { differences, parameters } = await compared(clusters);
        const open = new Set(differences.map(({ object }) => object));
        for (const index of templates.keys()) {
          if (open.has(`ConfigMap shop/c${index}`)) continue;
          const general = values.map((_, environment) =>
            parameters.reduce((text, { values: of }, number) => {
              return withoutWords(text, of[`e${environment}`] ?? "", `<${number}>`) ?? text;
            }, texts[environment]?.[index] ?? ""),
          );
          expect(new Set(general).size, JSON.stringify({ general, parameters })).toBe(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
