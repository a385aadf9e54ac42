import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { createFolderStore } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { configMap, deployment, namespace, takeSnapshot, testCall, widget, withMetadata } from "@kubeferry/test-fleet";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Generation, generate } from "./generation.ts";
import { generationOptions, openReadInputs } from "./inputs.ts";
import { openSpool } from "./spool.ts";

const CLUSTERS = ["a", "b", "c"] as const;

describe("what is made of several clusters", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-generation-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What is made of clusters, once as it is and once with a cleaner that never knows a copy again, and how many it cleaned. */
  async function made(clusters: readonly (readonly JsonObject[])[], gitops: object = {}) {
    const place = await mkdtemp(join(folder, "run-"));
    const path = join(place, "store");
    await mkdir(path);
    const store = createFolderStore({ path, autoCreate: true });
    const names = CLUSTERS.slice(0, clusters.length);
    for (const [index, name] of names.entries()) {
      const cluster = { domain: "crc.testing", name, uid: `kube-system-of-${name}` };
      await takeSnapshot(store, cluster, [namespace("shop"), ...(clusters[index] ?? [])]);
    }
    const environments = Object.fromEntries(names.map((name) => [name, { cluster: `crc.testing/${name}` }]));
    const section = { namespaces: ["*"], repository: { url: "/nowhere.git" }, environments, ...gitops };
    const file = join(place, "kubeferry.yaml");
    await writeFile(file, JSON.stringify({ store: { type: "folder", path }, gitops: section }));
    const { config } = await loadConfig({ files: [file], env: {} });
    const spool = await openSpool();
    const inputs = { ...(await openReadInputs({ config, store }, testCall)), config, spool, secretWriter: undefined };
    const cleaned: string[] = [];
    const run = async (cleaner: Cleaner) => {
      const options = { ...generationOptions({ ...inputs, cleaner }), onObject: () => undefined };
      return outcomeOf(await generate(options, testCall));
    };
    const counting: Cleaner = {
      ...inputs.cleaner,
      clean: (object, type, options) => {
        cleaned.push(type?.kind ?? "");
        return inputs.cleaner.clean(object, type, options);
      },
    };
    const [shared, each] = [await run(counting), await run({ ...inputs.cleaner, cleansAlike: () => false })];
    await spool.close();
    return { shared, each, cleaned };
  }

  it("is what each of them alone would give, whatever they have alike", async () => {
    await fc.assert(
      fc.asyncProperty(fleet, async (clusters) => {
        const { shared, each } = await made(clusters);
        expect(shared).toEqual(each);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it("is made once of what they have alike", async () => {
    const [here, there] = [copyOf(deployment("shop/web"), "a"), copyOf(deployment("shop/web"), "b")];
    const { cleaned } = await made([[here], [there], [deployment("shop/web", 5)]]);
    expect(cleaned.filter((kind) => kind === "Deployment")).toHaveLength(2);
  });

  it("is another thing where an autoscaler of one cluster scales what is alike", async () => {
    const web = (cluster: string) => copyOf(deployment("shop/web", 5), cluster);
    const { shared, each } = await made([[web("a"), SCALER], [web("b")]]);
    const { contents } = shared.entries.find(({ id }) => id.endsWith("shop/web")) ?? { contents: [] };
    expect(new Set(contents.map(([, sha256]) => sha256)).size).toBe(2);
    expect(shared).toEqual(each);
  });

  it("has what an environment changes of it, though its object is another cluster's too", async () => {
    const web = (cluster: string) => copyOf(deployment("shop/web", 5), cluster);
    const b = { cluster: "crc.testing/b", destination: { cluster: "crc.testing/d" }, replicas: 9 };
    const { shared, each } = await made([[web("a")], [web("b")]], {
      environments: { a: { cluster: "crc.testing/a" }, b },
    });
    const entry = shared.entries.find(({ id }) => id.endsWith("shop/web"));
    expect(entry?.variants.map(([environment]) => environment)).toEqual(["b"]);
    expect(shared).toEqual(each);
  });
});

/** All that later steps see of it. */
function outcomeOf({ catalog, findings, scaledIn }: Generation) {
  const { blocked, secrets, allowed, warnings, validation, leftOut, taken } = findings;
  const entries = catalog.folders().flatMap((folder) =>
    [...catalog.folder(folder)].map(([id, { contents, variants, leftOutOf }]) => ({
      id,
      contents: [...contents].map(([source, { sha256 }]) => [source, sha256] as const),
      variants: [...variants].map(([environment, { sha256 }]) => [environment, sha256] as const),
      leftOutOf: [...leftOutOf],
    })),
  );
  const scaled = CLUSTERS.map((name) => scaledIn(`crc.testing/${name}`, "shop"));
  return { entries, scaled, blocked, secrets, allowed, warnings, validation, leftOut, taken };
}

/** As a cluster has it. */
function copyOf(object: JsonObject, cluster: string): JsonObject {
  return withMetadata(object, { uid: `uid-in-${cluster}`, creationTimestamp: `2026-01-01T00:00:00Z of ${cluster}` });
}

const SCALER: JsonObject = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "shop", uid: "u", resourceVersion: "1" },
  spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 9 },
};

/** What is another thing from cluster to cluster. */
interface Form {
  readonly level: string;
  readonly replicas: number;
  readonly ready: number;
  /** Whether somebody applied its replicas and its status. */
  readonly applied: boolean;
  /** An Application that Argo CD says it belongs to. */
  readonly instance: string;
}

/** The objects of a cluster. */
interface Cluster {
  readonly scaled: boolean;
  readonly settings: Form | undefined;
  readonly web: Form | undefined;
  readonly blue: Form | undefined;
}

const form: fc.Arbitrary<Form> = fc.record({
  level: fc.constantFrom("info", "debug", "\u0085", "ghp_".padEnd(40, "a1B2c3D4")),
  replicas: fc.constantFrom(1, 2),
  ready: fc.constantFrom(0, 1),
  applied: fc.boolean(),
  instance: fc.constantFrom("", "shop-a", "other"),
});

const cluster: fc.Arbitrary<Cluster> = fc.record({
  scaled: fc.boolean(),
  settings: fc.option(form, { nil: undefined }),
  web: fc.option(form, { nil: undefined }),
  blue: fc.option(form, { nil: undefined }),
});

/** Clusters of which each has most of what the first has. */
const fleet = fc
  .tuple(cluster, fc.array(fc.subarray(["scaled", "settings", "web", "blue"] as const, { maxLength: 2 })), cluster)
  .map(([shared, moved, other]) => {
    const own = (keys: readonly string[]) =>
      Object.fromEntries(Object.entries(other).filter(([key]) => keys.includes(key)));
    const differing = [[], ...moved].slice(0, CLUSTERS.length);
    return differing.map((keys, index) => objectsOf({ ...shared, ...own(keys) }, CLUSTERS[index] ?? ""));
  });

function objectsOf({ scaled, settings, web, blue }: Cluster, name: string): readonly JsonObject[] {
  const objects: JsonObject[] = scaled ? [SCALER] : [];
  if (settings !== undefined) objects.push(marked(configMap("shop/settings", { level: settings.level }), settings));
  if (web !== undefined) {
    objects.push({ ...marked(deployment("shop/web", web.replicas), web), status: { readyReplicas: web.ready } });
  }
  if (blue !== undefined) {
    const object = widget("shop/blue", "example.com", { level: blue.level });
    objects.push({ ...marked(object, blue), status: { ready: blue.ready } });
  }
  return objects.map((object) => copyOf(object, name));
}

function marked(object: JsonObject, { applied, instance }: Form): JsonObject {
  const fields = { "f:spec": { "f:replicas": {} }, "f:status": {} };
  const managedFields = [{ manager: "argocd-controller", operation: applied ? "Apply" : "Update", fieldsV1: fields }];
  const labels = instance === "" ? {} : { labels: { "app.kubernetes.io/instance": instance } };
  return withMetadata(object, { ...labels, managedFields });
}
