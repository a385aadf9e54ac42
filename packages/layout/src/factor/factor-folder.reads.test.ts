import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { CatalogEntry } from "../catalog.ts";
import { type ContentStore, textContent } from "../content.ts";
import { factorFolder } from "./factor-folder.ts";

const ENVIRONMENTS = ["dev", "test", "preprod", "prod"].map((name) => ({ name, source: name }));

function deployment(name: string, image: string): JsonObject {
  const container = { name: "web", image, args: Array.from({ length: 40 }, (_, each) => `--set=${each}`) };
  const metadata = { name, namespace: "shop", labels: { app: name, tier: "backend", team: "one" } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { template: { spec: { containers: [container] } } },
  };
}

function settings(name: string, host: string): JsonObject {
  const data = { host, first: "1", second: "2", third: "3", fourth: "4", fifth: "5", sixth: "6" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" }, data };
}

/** An object as the four environments have it; the last version stands for all that are not given. */
function entry(...versions: readonly [JsonObject, ...JsonObject[]]): CatalogEntry {
  const { kind, metadata } = versions[0];
  const contents = ENVIRONMENTS.map(
    ({ source }, index) => [source, textContent(emitYaml(versions[index] ?? versions.at(-1) ?? {}))] as const,
  );
  return {
    ref: {
      group: "",
      resource: "any",
      kind: String(kind),
      namespace: "shop",
      name: String((metadata as JsonObject).name),
    },
    contents: new Map(contents),
    variants: new Map(),
    leftOutOf: new Set(),
  };
}

/** Factors all of them, and counts how often each text is read, the most often read first. */
async function readsOf(entries: readonly CatalogEntry[]): Promise<readonly number[]> {
  const reads = new Map<string, number>();
  const store: ContentStore = {
    read: async (content) => {
      reads.set(content.sha256, (reads.get(content.sha256) ?? 0) + 1);
      return Buffer.from(content.kind === "text" ? content.text : "");
    },
    put: async (bytes) => textContent(bytes.toString("utf8")),
  };
  const factored = await factorFolder(entries, ENVIRONMENTS, store);
  for (const each of entries) expect(await factored.shared(each)).toBeDefined();
  return [...reads.values()].sort((left, right) => right - left);
}

describe("factoring a folder", () => {
  it("reads nothing that is equal everywhere", async () => {
    expect(await readsOf([entry(settings("a", "x")), entry(deployment("web", "nginx:1"))])).toEqual([]);
  });

  it("reads each of several versions once, however many environments have it", async () => {
    expect(await readsOf([entry(settings("a", "x")), entry(settings("b", "dev"), settings("b", "x"))])).toEqual([1, 1]);
  });

  it("reads versions once more where images change, and looks for these in nothing else but what stays", async () => {
    const web = entry(deployment("web", "nginx:2"), deployment("web", "nginx:1"));
    const other = entry(deployment("other", "redis:7"));
    // Of web the base and dev's version, twice; of the object that stays its text, once.
    expect(await readsOf([web, other])).toEqual([2, 2, 1]);
  });

  it("reads four versions and their base twice, and no more", async () => {
    const versions = ["4", "3", "2", "1"].map((tag, index) => ({
      ...deployment("web", `nginx:${tag}`),
      metadata: {
        ...(settings("web", "").metadata as JsonObject),
        labels: { app: "web", host: index % 3 === 0 ? `h${index}` : "most" },
      },
    }));
    const [first = {}, ...others] = versions;
    // The base has dev's image, so that of dev only the patch is needed.
    expect(await readsOf([entry(first, ...others)])).toEqual([2, 2, 2, 1, 1]);
  });
});
