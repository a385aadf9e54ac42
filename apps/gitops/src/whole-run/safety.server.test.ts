import type { JsonObject } from "@kubeferry/model";
import type { CaptureScope } from "@kubeferry/snapshot";
import { configMap, deployment, namespace, type SnapshotSpec, widget, withMetadata } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const BLUE = "namespaces/shop/base/widget.example.com-blue.yaml";
const SETTINGS = "namespaces/shop/base/configmap-settings.yaml";
const SHOP = [namespace("shop"), deployment("shop/web"), configMap("shop/settings"), widget("shop/blue")];

function without(...names: readonly string[]): JsonObject[] {
  return SHOP.filter((object) => !names.includes(String((object.metadata as JsonObject).name)));
}

/** Widgets were read, but only those in the scope. */
function scopedTo(scope: CaptureScope): SnapshotSpec {
  return { scoped: { "widgets.example.com": scope } };
}

describe.skipIf(missingServers("kustomize"))("the safety rules, once a namespace is in Git", () => {
  let start: Fleet;
  let fleet: Fleet;
  beforeAll(async () => {
    start = await createFleet("folder");
    await start.snapshot(SHOP);
    await start.run();
    await start.merge(BRANCH);
  });
  afterAll(() => start?.close());
  beforeEach(async () => {
    fleet = await start.copy();
  });
  afterEach(() => fleet.close());

  it("removes the file of an object that is really gone", async () => {
    await fleet.snapshot(without("blue"));
    const report = await fleet.run();
    expect(report).toMatchObject({ status: "complete", files: { written: 0, removed: 1 } });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files)).not.toContain(BLUE);
    expect(await fleet.build(BRANCH, "namespaces/shop/prod")).not.toHaveProperty("Widget.example.com blue");
  });

  it.each([
    ["could not be read", { unread: ["widgets.example.com"] }],
    ["was filtered out", { filtered: ["widgets.example.com"] }],
    ["was read under a label selector", scopedTo({ labelSelector: "app=web" })],
    ["was read under an annotation selector", scopedTo({ annotationSelector: "backup.io/enabled=true" })],
    ["was read of other namespaces only", scopedTo({ namespaces: { include: ["staging", "team-*"], exclude: [] } })],
    ["was read without this namespace", scopedTo({ namespaces: { include: [], exclude: ["/^sh/"] } })],
    ["was read without this name", scopedTo({ names: { include: ["*"], exclude: ["blue"] } })],
  ])("keeps every object of a type that %s, also one that the last full list lacked", async (_why, spec) => {
    await fleet.snapshot(without("blue", "settings"));
    await fleet.snapshot(without("blue", "settings"), spec);
    const report = await fleet.run();
    expect(report.files).toEqual({ written: 0, changed: 2, removed: 1 });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files)).toContain(BLUE);
    expect(Object.keys(files)).not.toContain(SETTINGS);
    expect(await fleet.build(BRANCH, "namespaces/shop/prod")).toHaveProperty("Widget.example.com blue");
  });

  it("removes the file of a gone object that the filters would have taken", async () => {
    await fleet.snapshot(without("blue"), scopedTo({ namespaces: { include: ["shop"], exclude: [] } }));
    expect((await fleet.run()).files).toMatchObject({ removed: 1 });
    expect(Object.keys(await fleet.files(BRANCH))).not.toContain(BLUE);
  });

  it("keeps a namespace whose Namespace the filters leave out", async () => {
    const scope = { namespaces: { include: ["staging"], exclude: [] } };
    const types = ["namespaces", "deployments.apps", "configmaps", "widgets.example.com"];
    await fleet.snapshot([], { scoped: Object.fromEntries(types.map((type) => [type, scope])) });
    expect(await fleet.run()).toMatchObject({ commit: "", files: { removed: 0 } });
  });

  it("keeps the files of an object that is still there but no longer adopted", async () => {
    const managed = {
      ...configMap("shop/settings"),
      metadata: {
        name: "settings",
        namespace: "shop",
        annotations: { "argocd.argoproj.io/tracking-id": "others:/ConfigMap:shop/settings" },
      },
    };
    await fleet.snapshot([...without("settings"), managed]);
    expect(await fleet.run()).toMatchObject({ commit: "", pullRequest: null });
  });

  it("keeps a namespace's folder when the namespace is no longer in scope", async () => {
    await fleet.snapshot([...SHOP, namespace("team")]);
    await fleet.run({ gitops: { namespaces: ["team"] } });
    expect(Object.keys(await fleet.files(BRANCH))).toEqual(
      expect.arrayContaining([BLUE, "namespaces/team/base/namespace.yaml"]),
    );
  });

  it("stops before it removes more than is allowed, and leaves the branch alone", async () => {
    const before = await fleet.tip(BRANCH);
    await fleet.snapshot(without("blue", "web"));
    await expect(fleet.run()).rejects.toThrow(
      /gitops: remove files: blocked: 2 of 9 generated files would be removed, 1 at most are allowed \(gitops.maxRemovals: 10 files, 5 %\): .*deployment-web.yaml.*--allow-removals/,
    );
    expect(await fleet.tip(BRANCH)).toBe(before);
    const report = await fleet.run({ allowRemovals: true });
    expect(report.files.removed).toBe(2);
  });

  it("removes the folder of a namespace that is gone, when removals are allowed", async () => {
    await fleet.snapshot([namespace("team")]);
    const report = await fleet.run({ allowRemovals: true });
    expect(report.files.removed).toBe(10);
    expect(Object.keys(await fleet.files(BRANCH)).filter((path) => path.startsWith("namespaces/shop"))).toEqual([]);
  });

  it.each(["prod", "elsewhere"])(
    "touches nothing when another cluster stands where a folder's cluster stood, as %s",
    async (name) => {
      const other = { domain: "crc.testing", name: "other", uid: "kube-system-of-other" };
      await fleet.snapshot([namespace("shop"), deployment("shop/web", 5)], {}, other);
      const report = await fleet.run({
        gitops: { environments: { [name]: { cluster: "crc.testing/other" } } },
      });
      expect(report).toMatchObject({
        status: "partial",
        commit: "",
        frozen: [{ folder: "namespaces/shop", files: [".kubeferry.json"] }],
      });
    },
  );

  it("freezes a folder that people edited, goes on with the others, and thaws it when the edit is ours", async () => {
    const edited = await fleet.files("main").then((files) => files[SETTINGS]?.replace("hello", "good day") ?? "");
    await fleet.edit("main", { [SETTINGS]: edited, "namespaces/shop/README.md": "Ours.\n" });
    await fleet.snapshot([...SHOP, configMap("shop/more"), namespace("team")]);
    const report = await fleet.run();
    expect(report).toMatchObject({
      status: "partial",
      frozen: [{ folder: "namespaces/shop", files: ["base/configmap-settings.yaml"] }],
    });
    const files = await fleet.files(BRANCH);
    expect(files[SETTINGS]).toBe(edited);
    expect(Object.keys(files)).not.toContain("namespaces/shop/base/configmap-more.yaml");
    expect(Object.keys(files)).toContain("namespaces/team/base/namespace.yaml");

    const now = configMap("shop/settings", { greeting: "good day" });
    await fleet.snapshot([...without("settings"), now, configMap("shop/more"), namespace("team")]);
    const thawed = await fleet.run();
    expect(thawed).toMatchObject({ status: "complete", frozen: [] });
    const after = await fleet.files(BRANCH);
    expect(Object.keys(after)).toContain("namespaces/shop/base/configmap-more.yaml");
    expect(after["namespaces/shop/README.md"]).toBe("Ours.\n");
  });

  it("keeps the file of an object that is being deleted until it is gone, and adds none for one", async () => {
    const dying = (object: JsonObject) => withMetadata(object, { deletionTimestamp: "2026-11-21T06:00:00Z" });
    await fleet.snapshot([...without("blue"), dying(widget("shop/blue")), dying(configMap("shop/more"))]);
    expect(await fleet.run()).toMatchObject({ commit: "", frozen: [], blocked: [] });
    await fleet.snapshot(without("blue"));
    expect((await fleet.run()).files.removed).toBe(1);
  });

  it("leaves a folder alone that people copied from one of ours", async () => {
    const files = Object.entries(await fleet.files("main"));
    const copies = files.map(([path, text]) => [path.replace("namespaces/shop/", "namespaces/shop-two/"), text]);
    await fleet.edit("main", Object.fromEntries(copies));
    expect(await fleet.run()).toMatchObject({ commit: "", frozen: [] });
    await fleet.snapshot([...SHOP, namespace("shop-two")]);
    expect((await fleet.run()).frozen).toMatchObject([{ folder: "namespaces/shop-two" }]);
  });

  it("freezes a folder in which people deleted a file of ours, or put one where we write", async () => {
    await fleet.edit("main", { [BLUE]: null, "namespaces/shop/base/configmap-more.yaml": "not: ours\n" });
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    expect((await fleet.run()).frozen).toEqual([
      { folder: "namespaces/shop", files: ["base/configmap-more.yaml", "base/widget.example.com-blue.yaml"] },
    ]);
  });
});
