import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace, withMetadata } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { textContent } from "../content.ts";
import { likenessOf } from "./likeness.ts";
import { createPlaces } from "./places.ts";
import { compared } from "./testing/compared.ts";

describe("how alike environments are", () => {
  it("counts what is equal, different and only in some, folder by folder", async () => {
    const shared = [configMap("shop/same"), namespace("shop")];
    const likeness = await compared({
      dev: [...shared, deployment("shop/web", 1), configMap("shop/debug")],
      test: [...shared, deployment("shop/web", 2), configMap("shop/debug")],
      prod: [...shared, deployment("shop/web", 2), configMap("team/only")],
    });
    expect(likeness.folders).toEqual([
      {
        folder: "cluster",
        environments: ["dev", "test", "prod"],
        objects: 1,
        equal: 1,
        different: 0,
        byParameters: 0,
        onlyInSome: [],
      },
      {
        folder: "namespaces/shop",
        environments: ["dev", "test", "prod"],
        objects: 3,
        equal: 1,
        different: 1,
        byParameters: 0,
        onlyInSome: [{ object: "ConfigMap shop/debug", environments: ["dev", "test"], unprovenIn: [] }],
      },
      {
        folder: "namespaces/team",
        environments: ["prod"],
        objects: 1,
        equal: 0,
        different: 0,
        byParameters: 0,
        onlyInSome: [],
      },
    ]);
    expect(likeness.differences).toEqual([
      {
        folder: "namespaces/shop",
        object: "Deployment shop/web",
        places: 2,
        paths: ["/spec/replicas", "/status/readyReplicas"],
      },
    ]);
  });

  it("takes an object that only parameters set apart for the same under another name", async () => {
    const of = (domain: string) =>
      ["a", "b", "c"].map((name) => configMap(`shop/${name}`, { url: `https://${name}.${domain}` }));
    const { folders, differences } = await compared({ dev: of("dev.example.com"), prod: of("example.com") });
    expect(folders).toMatchObject([{ different: 3, byParameters: 3 }]);
    expect(differences).toEqual([]);
  });

  it("says of an object that a cluster was not asked for that nobody knows", async () => {
    const clusters = { dev: [configMap("shop/a"), configMap("shop/b")], prod: [configMap("shop/a")] };
    const { folders } = await compared(clusters, { isGone: () => false });
    expect(folders).toMatchObject([
      { onlyInSome: [{ object: "ConfigMap shop/b", environments: ["dev"], unprovenIn: ["prod"] }] },
    ]);
  });

  it("names the ten objects that differ in most places, with the first paths", async () => {
    const of = (text: string) =>
      Array.from({ length: 12 }, (_, index) => {
        const data = Object.fromEntries(Array.from({ length: index + 1 }, (__, key) => [`key${key}`, `${text}${key}`]));
        return configMap(`shop/c${String(index).padStart(2, "0")}`, data);
      });
    const { differences } = await compared({ dev: of("1"), prod: of("2") });
    expect(differences.map(({ places }) => places)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(differences[0]).toMatchObject({
      object: "ConfigMap shop/c11",
      paths: ["/data/key0", "/data/key1", "/data/key10", "/data/key11", "/data/key2"],
    });
  });

  it("is the same whatever order objects come in", async () => {
    const of = (domain: string, order: readonly string[]) =>
      order.map((name) =>
        configMap(`shop/${name}`, { url: `https://${name}.${domain}`, name: domain.length.toString() }),
      );
    const one = await compared({ dev: of("dev.a.com", ["x", "y", "z"]), prod: of("a.com", ["x", "y", "z"]) });
    const other = await compared({ dev: of("dev.a.com", ["z", "x", "y"]), prod: of("a.com", ["y", "z", "x"]) });
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  it("compares nothing in a single environment", async () => {
    const { folders, parameters, differences } = await compared({ dev: [configMap("shop/a")] });
    expect(folders).toMatchObject([{ objects: 1, equal: 0, different: 0, onlyInSome: [] }]);
    expect([parameters, differences]).toEqual([[], []]);
  });
});

describe("what nobody may see", () => {
  it("is no value and no path of an object that holds a credential", async () => {
    const of = (password: string, domain: string): readonly JsonObject[] => [
      configMap("shop/db", { password, url: `https://db.${domain}`, api: `https://api.${domain}` }),
      configMap("shop/web", { url: `https://web.${domain}`, docs: `https://docs.${domain}` }),
    ];
    const likeness = await compared({
      dev: of("correct-Horse7", "dev.example.com"),
      prod: of("battery-Staple8", "example.com"),
    });
    expect(likeness.differences[0]).toEqual({
      folder: "namespaces/shop",
      object: "ConfigMap shop/web",
      places: 2,
      paths: ["/data/docs", "/data/url"],
    });
    expect(likeness.differences[1]).toEqual({
      folder: "namespaces/shop",
      object: "ConfigMap shop/db",
      places: 1,
      paths: [],
    });
    expect(likeness.parameters).toEqual([]);
    expect(JSON.stringify(likeness)).not.toMatch(/Horse|Staple/);
  });

  it("is what stands for a Secret: it is not even read, and its fingerprint says whether it is the same", async () => {
    const entry = (name: string, ...fingerprints: readonly string[]) => ({
      ref: { group: "bitnami.com", resource: "sealedsecrets", kind: "SealedSecret", namespace: "shop", name },
      contents: new Map(
        fingerprints.map((fingerprint, index) => [
          `c${index}`,
          { ...textContent(`${name} ${index}`), secret: { fingerprint } },
        ]),
      ),
      variants: new Map(),
      leftOutOf: new Set<string>(),
    });
    const entries = [entry("same", "1", "1"), entry("differs", "1", "2")];
    const likeness = await likenessOf([{ folder: "namespaces/shop", entries }], {
      environments: [
        { name: "dev", source: "c0" },
        { name: "prod", source: "c1" },
      ],
      parameters: {},
      read: () => Promise.reject(new Error("it was read")),
    });
    expect(likeness.folders).toMatchObject([{ equal: 1, different: 1 }]);
    expect(likeness.differences).toMatchObject([
      { object: "SealedSecret.bitnami.com shop/differs", places: 1, paths: [] },
    ]);
  });
});

describe("places beyond those that are kept", () => {
  it("are counted, without their paths", () => {
    const places = createPlaces((texts) => ({ texts, used: [] }), 2);
    const object = places.object("namespaces/shop", "ConfigMap shop/a");
    for (const key of ["a", "b", "c", "d"]) {
      places.add(object, { path: `/data/${key}`, environments: [0, 1], texts: undefined });
    }
    const { largest } = places.judged(() => () => undefined);
    expect(largest).toEqual([
      { folder: "namespaces/shop", object: "ConfigMap shop/a", places: 4, paths: ["/data/a", "/data/b"] },
    ]);
  });
});

describe("labels that differ", () => {
  it("are one place each, by their escaped name", async () => {
    const of = (tier: string) => [withMetadata(configMap("shop/a"), { labels: { "example.com/tier": tier } })];
    expect((await compared({ dev: of("low"), prod: of("high") })).differences).toMatchObject([
      { paths: ["/metadata/labels/example.com~1tier"] },
    ]);
  });
});
