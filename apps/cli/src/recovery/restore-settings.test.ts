import type { RestoreConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import type { RestoreArguments } from "../commands/restore-options.ts";
import { restoreSettings } from "./restore-settings.ts";

const CONFIG: RestoreConfig = {
  conflicts: "skip",
  argoManaged: "block",
  concurrency: 16,
  waitTimeoutMs: 1_000,
  namespaces: { team: "team-old" },
  storageClasses: {},
  images: [],
  patches: [],
  maxRemovals: { objects: 10, percent: 5 },
};

const ARGUMENTS: RestoreArguments = {
  config: [],
  configDir: [],
  set: [],
  output: "text",
  at: "latest",
  includeNamespaces: [],
  excludeNamespaces: [],
  includeResources: [],
  excludeResources: [],
  includeNames: [],
  excludeNames: [],
  mapNamespace: [],
  mapStorageClass: [],
  prune: [],
  pruneCrds: false,
  prunePersistentVolumes: false,
  pruneForeignFinalizers: false,
};

describe("what a restore goes by", () => {
  it("is the command line before the configuration; pairs of both are kept", () => {
    const asked = { conflicts: "update", mapNamespace: ["shop=shop-old"], mapStorageClass: ["gp2=fast"] } as const;
    expect(restoreSettings(CONFIG, { ...ARGUMENTS, ...asked })).toMatchObject({
      conflicts: "update",
      argoManaged: "block",
      namespaces: { team: "team-old", shop: "shop-old" },
      storageClasses: { gp2: "fast" },
    });
    expect(restoreSettings(CONFIG, ARGUMENTS).conflicts).toBe("skip");
  });

  it("has cluster-scoped objects in it unless a namespace is named", () => {
    expect(restoreSettings(CONFIG, ARGUMENTS).filter.clusterScoped).toBe(true);
    expect(restoreSettings(CONFIG, { ...ARGUMENTS, includeNamespaces: ["shop"] }).filter.clusterScoped).toBe(false);
  });

  it.each(["shop", "shop=", "=shop", "shop=a=b", "Shop=a", "shop=a.b"])("is refused for --map-namespace %s", (pair) => {
    expect(() => restoreSettings(CONFIG, { ...ARGUMENTS, mapNamespace: [pair] })).toThrow(
      `--map-namespace ${pair}: usage:`,
    );
  });
});
