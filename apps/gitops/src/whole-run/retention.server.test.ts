import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const PATCH = "namespaces/shop/dev/patch-deployment-web.yaml";
const KUSTOMIZATION = "namespaces/shop/dev/kustomization.yaml";
const ELSEWHERE = { destination: { cluster: "crc.testing/elsewhere" } };
const NONE = { maxRemovals: { files: 0, percent: 0 } };
const PLAIN = { environments: { dev: ELSEWHERE, prod: {} } };
const PAUSED = { target: { kind: "Deployment", name: "web" }, merge: { spec: { paused: true } } };
const OVERRIDES = { replicas: 5, images: [{ from: "nginx", tag: "1.30" }], patches: [PAUSED] };
const OVERRIDDEN = { environments: { dev: { ...ELSEWHERE, ...OVERRIDES }, prod: {} } };
const SHOP = [namespace("shop"), deployment("shop/web"), configMap("shop/settings")];
const WITHOUT_WEB = [namespace("shop"), configMap("shop/settings")];

describe("an object whose permission to be in Git was withdrawn", () => {
  it("leaves its folder as it is when its file would move, and stops no other", { timeout: 60_000 }, async () => {
    const fleet = await createFleet("folder");
    // Put together so that no scanner takes this file for a leak.
    const token = `ghp_${"a1B2".repeat(9)}`;
    const objects = [namespace("shop"), configMap("shop/ci", { script: `push ${token}` }), namespace("mail")];
    await fleet.snapshot(objects);
    const allow = [{ object: "ConfigMap shop/ci", reason: "it expired" }];
    await fleet.run({ gitops: { scan: { allow } } });
    await fleet.merge(BRANCH);
    expect((await fleet.run()).blocked, "in its place it stays").toMatchObject([{ object: "ConfigMap shop/ci" }]);
    const { blocked } = await fleet.run({ gitops: { flat: true } });
    expect(blocked).toMatchObject([
      { object: "ConfigMap shop/ci" },
      {
        object: "namespaces/shop",
        reason: expect.stringContaining("ConfigMap shop/ci, which is in Git and would move"),
      },
    ]);
    const files = Object.keys(await fleet.files(BRANCH));
    expect(files.filter((path) => path.startsWith("namespaces/mail/base/"))).toEqual([]);
    expect(files).toContain("namespaces/shop/base/configmap-ci.yaml");
    await fleet.close();
  });
});

describe.skipIf(missingServers("kustomize"))("an object that an overlay changes", { timeout: 60_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot(SHOP);
    await fleet.run({ gitops: OVERRIDDEN });
    await fleet.merge(BRANCH);
  });
  afterEach(() => fleet.close());

  /** The last full list lacked the Deployment, and the newest snapshot has no list of them. */
  const loseSight = async () => {
    await fleet.snapshot(WITHOUT_WEB);
    await fleet.snapshot(WITHOUT_WEB, { unread: ["deployments.apps"] });
  };
  const webIn = async (environment: string, branch = BRANCH) =>
    (await fleet.build(branch, `namespaces/shop/${environment}`))["Deployment web"];

  it("is one file in the base, and its overlay says only what differs: number and image, and the rest in a patch", async () => {
    const files = await fleet.files("main");
    expect(files[KUSTOMIZATION]).toBe(
      [
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "images:",
        "- name: nginx",
        '  newTag: "1.30"',
        "kind: Kustomization",
        "patches:",
        "- path: patch-deployment-web.yaml",
        "replicas:",
        "- count: 5",
        "  name: web",
        "resources:",
        '- "../base"',
        "",
      ].join("\n"),
    );
    expect(files[PATCH]).toBe(
      [
        "apiVersion: apps/v1",
        "kind: Deployment",
        "metadata:",
        "  name: web",
        "  namespace: shop",
        "spec:",
        "  paused: true",
        "",
      ].join("\n"),
    );
    expect(Object.keys(files).filter((path) => path.endsWith("deployment-web.yaml"))).toEqual([
      "namespaces/shop/base/deployment-web.yaml",
      PATCH,
    ]);
    const template = (image: string) => ({ spec: { containers: [{ image }] } });
    expect(await webIn("dev", "main")).toMatchObject({
      spec: { replicas: 5, paused: true, template: template("nginx:1.30") },
    });
    const source = await webIn("prod", "main");
    expect(source).toMatchObject({ spec: { replicas: 2, template: template("nginx:1.29") } });
    expect(source).not.toHaveProperty("spec.paused");
  });

  it.each([
    ["as it is configured", OVERRIDDEN],
    ["also when its override is taken out of the configuration meanwhile", PLAIN],
  ])(
    "stays byte for byte while nothing proves it gone, patch, image and number included, %s",
    async (_when, gitops) => {
      await loseSight();
      expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [], blocked: [] });
    },
  );

  it("loses patch, image and number with the overrides, which removes no object", async () => {
    const report = await fleet.run({ gitops: { ...PLAIN, ...NONE } });
    expect(report.files).toMatchObject({ written: 0, removed: 1 });
    expect(Object.keys(await fleet.files(BRANCH))).not.toContain(PATCH);
    expect(await webIn("dev")).toEqual(await webIn("prod"));
  });

  it("goes with its patch once it is proven gone, and counts as one removal", async () => {
    await fleet.snapshot(WITHOUT_WEB);
    await expect(fleet.run({ gitops: { ...OVERRIDDEN, ...NONE } })).rejects.toMatchObject({ kind: "blocked" });
    const report = await fleet.run({ gitops: { ...OVERRIDDEN, maxRemovals: { files: 1, percent: 100 } } });
    expect(report.files.removed).toBe(2);
    expect(Object.keys(await fleet.files(BRANCH)).filter((path) => path.includes("deployment"))).toEqual([]);
  });

  it.each([
    ["the patch", PATCH, "paused: true", "paused: false"],
    ["the number in the kustomization", KUSTOMIZATION, "count: 5", "count: 50"],
  ])("freezes its folder when people edit %s, whether it can be read or not", async (_what, path, ours, theirs) => {
    const text = (await fleet.files("main"))[path] ?? "";
    await fleet.edit("main", { [path]: text.replace(ours, theirs) });
    const frozen = [{ folder: "namespaces/shop", files: [path.slice("namespaces/shop/".length)] }];
    expect((await fleet.run({ gitops: OVERRIDDEN })).frozen).toEqual(frozen);
    await loseSight();
    expect((await fleet.run({ gitops: OVERRIDDEN })).frozen).toEqual(frozen);
  });

  it("moves whole into every overlay with flat, and stays there while nothing proves it gone", async () => {
    const before = [await webIn("dev", "main"), await webIn("prod", "main")];
    const flat = { ...OVERRIDDEN, flat: true };
    await fleet.run({ gitops: { ...flat, ...NONE } });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files).filter((path) => /base|patch/.test(path))).toEqual([]);
    expect([await webIn("dev"), await webIn("prod")]).toEqual(before);
    await fleet.merge(BRANCH);

    await loseSight();
    expect(await fleet.run({ gitops: { ...flat, ...NONE } })).toMatchObject({ commit: "", frozen: [] });
    // Without a base nobody knows what the cluster had: each overlay keeps its own, and the others share again.
    await fleet.run({ gitops: { ...OVERRIDDEN, ...NONE } });
    expect([await webIn("dev"), await webIn("prod")]).toEqual(before);
    expect(Object.keys(await fleet.files(BRANCH))).toContain("namespaces/shop/base/configmap-settings.yaml");
  });
});

describe.skipIf(missingServers("kustomize"))("an overlay's size", { timeout: 60_000 }, () => {
  it("is limited by gitops.limits.maxObjects, and what is in Git stays as it is", async () => {
    const fleet = await createFleet("folder");
    await fleet.snapshot(SHOP);
    const gitops = { environments: { prod: {} } };
    const report = await fleet.run({ gitops: { ...gitops, limits: { maxObjects: 2 } } });
    expect(report).toMatchObject({
      commit: "",
      blocked: [{ object: "namespaces/shop", reason: expect.stringContaining("gitops.limits.maxObjects (2)") }],
    });
    expect((await fleet.run({ gitops: { ...gitops, limits: { maxObjects: 3 } } })).blocked).toEqual([]);
    await fleet.close();
  });
});
