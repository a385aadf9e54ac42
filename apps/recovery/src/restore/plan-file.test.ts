import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { objectKey } from "@kubeferry/model";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { readPlanFile, renderPlan, writePlanFile } from "./plan-file.ts";
import type { RestorePlan } from "./restore-plan.ts";

const PLAN: RestorePlan = {
  format: 1,
  toolVersion: "0.1.0",
  createdAt: "2026-11-20T07:00:00.000Z",
  source: {
    cluster: "crc.testing/wrl62",
    uid: "u-source",
    series: "default",
    sequence: 42,
    sha256: "a".repeat(64),
    finishedAt: "2026-11-20T06:00:05.000Z",
  },
  target: { uid: "u-target", description: "https://127.0.0.1:6443 (context b)" },
  settings: {
    conflicts: "update",
    argoManaged: "block",
    namespaces: { shop: "shop-old" },
    storageClasses: {},
    images: [{ from: "nginx", tag: "1.27" }],
    patches: [{ target: { kind: "Deployment", name: "*" }, merge: { spec: { paused: true } } }],
    maxRemovals: { objects: 10, percent: 5 },
    filter: { ...EVERYTHING, labelSelector: "app=web" },
  },
  entries: [
    {
      object: { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespace: "shop-old", name: "a" },
      from: objectKey("shop", "a"),
      action: "update",
      wave: "configuration",
      depth: 0,
      reason: "worth knowing",
      changes: [
        { path: "/spec/big", kind: "changed", before: 9_007_199_254_740_993n, after: null },
        { path: "/data/password", kind: "changed", hidden: true },
      ],
      checked: "dry-run",
      live: { uid: "u-1", digest: "b".repeat(64) },
    },
  ],
  leftOut: [{ object: "nodes n", reason: "machines register themselves" }],
  warnings: ["read this"],
};

async function freshPath(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "kubeferry-plan-")), "plan.json");
}

describe("a plan's file", () => {
  it("gives the plan back as it was, 64-bit integers too, and is for its owner alone", async () => {
    const path = await freshPath();
    await writePlanFile(path, PLAN);
    expect(await readPlanFile(path)).toEqual(PLAN);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, ".."))).toEqual(["plan.json"]);
  });

  it.each(["a b", "what?", "x#y", "two\nlines", "\u001b[31mred", "system:odd:role", "..."])(
    "names objects that are called as the API allows: %j",
    async (name) => {
      const path = await freshPath();
      const entries = PLAN.entries.map((entry) => ({ ...entry, object: { ...entry.object, name } }));
      await writePlanFile(path, { ...PLAN, entries });
      expect((await readPlanFile(path)).entries).toEqual(entries);
    },
  );

  it("has the same bytes for the same plan, whatever the order of keys", async () => {
    const path = await freshPath();
    await writePlanFile(path, PLAN);
    const turned = Object.fromEntries(Object.entries(PLAN).reverse()) as unknown as RestorePlan;
    expect(renderPlan(turned)).toBe(await readFile(path, "utf8"));
  });

  it.each([
    ["a later format", renderPlan({ ...PLAN, format: 2 as unknown as 1 }), "it has format 2, and this version knows 1"],
    ["half a file", renderPlan(PLAN).slice(0, 500), "it is no JSON, or was cut off"],
    ["another document", '{"format":1}', "it is no restore plan: toolVersion:"],
    [
      "one with a name that leads elsewhere",
      renderPlan(PLAN).replace('"name":"a"', '"name":".."').replace('"name": "a"', '"name": ".."'),
      "entries.0.object.name",
    ],
    [
      "one with a name of two steps",
      renderPlan(PLAN).replace('"name":"a"', '"name":"a/b"').replace('"name": "a"', '"name": "a/b"'),
      "entries.0.object.name",
    ],
    [
      "one with a type that leads elsewhere",
      renderPlan(PLAN).replace('"configmaps"', '"secrets/a?b"'),
      "entries.0.object.resource",
    ],
    [
      "one of a sequence beyond all",
      renderPlan(PLAN).replace(/"sequence": ?42/, `"sequence":${"9".repeat(30)}`),
      "source.sequence",
    ],
    ["an unknown action", renderPlan(PLAN).replace('"update",', '"destroy",'), "entries.0.action"],
  ])("is refused when it is %s", async (_, text, problem) => {
    const path = await freshPath();
    await writeFile(path, text);
    await expect(readPlanFile(path)).rejects.toMatchObject({
      kind: "config",
      message: expect.stringContaining(problem),
    });
  });

  it("that cannot be written leaves nothing behind, and says so", async () => {
    const path = join(await freshPath(), "in", "no", "folder");
    await expect(writePlanFile(path, PLAN)).rejects.toMatchObject({ kind: "config" });
  });
});
