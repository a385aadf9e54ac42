import { Buffer } from "node:buffer";
import { configMap, namespace, testCall } from "@kubeferry/test-fleet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const CLUSTER = { domain: "crc.testing", name: "wrl62" };

const named = (name: unknown, space: unknown = "shop") =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: space } });

describe("a run", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  it("on a hostile tree says what it could not use, and puts the rest into Git, below its own folders", {
    timeout: 60_000,
  }, async () => {
    const texts = [
      named("good"),
      named("Good"),
      named("..", "shop"),
      named("x", "../../.."),
      named(".git"),
      named("CON"),
      named("wеb"),
      `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
      "[",
      "",
      named("git", ".git"),
      named("a%2Fb"),
      named("a:b"),
    ];
    for (const [index, text] of texts.entries()) {
      await fleet.store.put(`crc.testing/wrl62/shop/configmaps/f${index}.json`, Buffer.from(text), {}, testCall);
    }
    const report = await fleet.run({
      config: { cluster: CLUSTER },
      gitops: { environments: { prod: {} }, source: { type: "tree" } },
    });
    expect(report.blocked.map(({ object }) => object)).toEqual(
      [10, 11, 2, 3, 7, 8, 9].map((number) => `file shop/configmaps/f${number}.json`),
    );
    expect(Object.keys(await fleet.files("kubeferry/main")).sort()).toEqual([
      "namespaces/shop/.kubeferry.json",
      "namespaces/shop/base/configmap-.git.yaml",
      "namespaces/shop/base/configmap-CON~ad338c7e3d968a9c.yaml",
      "namespaces/shop/base/configmap-Good~cc66c1e3d87b607f.yaml",
      "namespaces/shop/base/configmap-a%3Ab.yaml",
      "namespaces/shop/base/configmap-good.yaml",
      "namespaces/shop/base/configmap-w%D0%B5b.yaml",
      "namespaces/shop/base/kustomization.yaml",
      "namespaces/shop/prod/kustomization.yaml",
    ]);
  });

  it("on a bucket's cluster whose name holds a line end forges no trailer: nothing is written", {
    timeout: 60_000,
  }, async () => {
    const name = "one\n\nKubeferry-Cluster: two\u009b2J";
    await fleet.snapshot([namespace("shop"), configMap("shop/a")], {}, { domain: "evil", name, uid: "uid" });
    const run = fleet.run({ gitops: { environments: { prod: {} } }, config: { cluster: {} } });
    await expect(run).rejects.toMatchObject({
      message:
        "git: write commit message: invalid: the trailer Kubeferry-Snapshot has more than one line, or a control character",
    });
    expect(await fleet.tip("kubeferry/main")).toBe("");
  });

  it("on a hostile snapshot makes no folder of a namespace that climbs out", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop"), configMap("../x"), configMap("shop/a%2Fb"), configMap("shop/good")]);
    const report = await fleet.run({ gitops: { environments: { prod: {} } } });
    expect(report.blocked).toEqual([
      { object: "ConfigMap ../x", reason: "broken: its namespace is no DNS label" },
      { object: "ConfigMap shop/a%2Fb", reason: "broken: its name cannot be a segment of a path" },
    ]);
    const files = Object.keys(await fleet.files("kubeferry/main"));
    expect(files.every((path) => path.startsWith("namespaces/shop/"))).toBe(true);
  });

  it("on an object that Git cannot hold, in a namespace that is not adopted, is as it would be without", {
    timeout: 60_000,
  }, async () => {
    const role = (name: string) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name, namespace: "elsewhere" },
      rules: [],
    });
    await fleet.snapshot([namespace("shop"), configMap("shop/a"), namespace("elsewhere"), role("two\nlines")]);
    const adopting = (namespaces: readonly string[]) =>
      fleet.run({ gitops: { namespaces, environments: { prod: {} } } });
    expect(await adopting(["shop"])).toMatchObject({ status: "complete", blocked: [], validation: { errors: 0 } });
    expect(await adopting(["shop", "elsewhere"])).toMatchObject({
      status: "partial",
      blocked: [{ object: "Role elsewhere/two\nlines", reason: "broken: its name cannot be a segment of a path" }],
    });
  });
});
