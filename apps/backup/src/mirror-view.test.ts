import { Buffer } from "node:buffer";
import { objectKey } from "@kubeferry/model";
import { loadConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { mirrorView } from "./mirror-view.ts";

const CONFIG_MAPS = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: ["list"],
};

const LIVE = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "web",
    namespace: "shop",
    uid: "u-1",
    resourceVersion: "7",
    managedFields: [{ manager: "kubectl-create", operation: "Update", fieldsV1: {} }],
  },
  data: { a: "1" },
  status: { phase: "ready" },
};

async function fileOf(mirror: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const flags = Object.fromEntries(Object.entries(mirror).map(([key, value]) => [`backup.mirror.${key}`, `${value}`]));
  const { config } = await loadConfig({
    files: [],
    env: {},
    flags: { "store.type": "folder", "store.path": "/x", ...flags },
  });
  const line = Buffer.from(JSON.stringify(LIVE));
  const object = { key: objectKey("shop", "web"), uid: "u-1", resourceVersion: "7", line };
  return mirrorView(config).render(CONFIG_MAPS, object)?.toString("utf8");
}

const CLEANED = 'apiVersion: v1\ndata:\n  a: "1"\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: shop\n';

describe("a file of the mirror", () => {
  it("has neither status nor managed fields", async () => {
    expect(await fileOf({})).toBe(CLEANED);
  });

  it("has the status when that is asked for", async () => {
    expect(await fileOf({ includeStatus: true })).toBe(`${CLEANED}status:\n  phase: ready\n`);
  });

  it("has the managed fields when those are asked for", async () => {
    expect(await fileOf({ includeManagedFields: true })).toContain("manager: kubectl-create");
  });
});
