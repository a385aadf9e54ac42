import { Buffer } from "node:buffer";
import { emitYaml, equalJson, parseYaml } from "@kubeferry/clean";
import { at, isJsonObject, type JsonObject } from "@kubeferry/model";
import { testCall } from "@kubeferry/test-fleet";
import fc from "fast-check";
import { expect, it } from "vitest";
import { buildOverlay } from "../build/build-overlay.ts";
import { createCatalog } from "../catalog.ts";
import { sha256Of, textContent } from "../content.ts";
import { OWNERSHIP_FILE, readOwnership } from "../folders/ownership.ts";
import { type GitRef, refId } from "../git-ref.ts";
import type { Source } from "../read/source.ts";
import { namespacesShape } from "../shape/namespaces-shape.ts";
import { findAbsences } from "./keep-unproven.ts";
import { planFolder } from "./plan-folder.ts";
import type { Planning } from "./planning.ts";

const FOLDER = "namespaces/shop";
const CLUSTERS = ["a", "b", "c"] as const;
const NAMES = ["web", "api", "settings", "blue"] as const;
type Cluster = (typeof CLUSTERS)[number];
type Name = (typeof NAMES)[number];

const REFS: Readonly<Record<Name, GitRef>> = {
  web: { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" },
  api: { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "api" },
  settings: { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "settings" },
  blue: { group: "example.com", resource: "widgets", kind: "Widget", namespace: "shop", name: "blue" },
};

/** What an object has in one cluster. */
interface Form {
  readonly image: number;
  readonly replicas: number;
  readonly level: string;
  readonly sidecar: boolean;
}

/** A cluster before a run. */
interface ClusterState {
  readonly objects: Readonly<Record<Name, Form | undefined>>;
  /** Of Deployments there is no list, whatever there is. */
  readonly unread: boolean;
}

/** An environment's place in the configuration. */
interface Configured {
  readonly name: string;
  readonly source: Cluster;
  /** It is deployed to another cluster than its source, and has another number there. */
  readonly elsewhere: boolean;
}

interface Step {
  readonly clusters: Readonly<Record<Cluster, ClusterState>>;
  readonly environments: readonly Configured[];
}

const form = fc.record({
  image: fc.constantFrom(1, 1, 2),
  replicas: fc.constantFrom(1, 1, 2, 5),
  level: fc.constantFrom("info", "info", "debug"),
  sidecar: fc.boolean(),
});
const present = fc.option(form, { nil: undefined, freq: 6 });
const state = fc.record({
  objects: fc.record({ web: form, api: present, settings: form, blue: present }),
  unread: fc.constantFrom(false, false, true),
});
const configured = fc
  .tuple(
    fc.shuffledSubarray([...CLUSTERS, "a2"], { minLength: 2 }),
    fc.array(fc.constantFrom(false, false, true), { minLength: 4, maxLength: 4 }),
  )
  .map(([names, elsewhere]) =>
    names.map((name, index) => ({
      name: `env-${name}`,
      source: name.slice(0, 1) as Cluster,
      elsewhere: elsewhere[index] === true,
    })),
  );
const steps = fc.array(fc.record({ clusters: fc.record({ a: state, b: state, c: state }), environments: configured }), {
  minLength: 2,
  maxLength: 5,
});

it("every overlay builds what its cluster has, or, of what nobody read, what it built before", {
  timeout: 60_000,
}, async () => {
  await fc.assert(fc.asyncProperty(steps, walk), { numRuns: process.env.SOAK === "1" ? 2_000 : 15 });
});

async function walk(all: readonly Step[]): Promise<void> {
  let git: Files = new Map();
  for (const [index, each] of all.entries()) {
    // The first run reads everything: before it Git has nothing to keep.
    const step = index === 0 ? readable(each) : each;
    const before = await buildsOf(git);
    const next = await run(step, git);
    if (next === undefined) {
      expect(mayFreeze(step, git), "frozen for no reason").toBe(true);
      continue;
    }
    const origins = ownershipOf(git)?.environments ?? {};
    git = next;
    const after = await buildsOf(git);
    for (const one of step.environments) check(one, step, { before, after, isNew: origins[one.name] === undefined });
    expect(new Map(await run(step, git)), "the same again").toEqual(git);
  }
}

/** Path from the folder → text. */
type Files = ReadonlyMap<string, string>;
type Builds = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

function readable({ clusters, environments }: Step): Step {
  const read = CLUSTERS.map((cluster) => [cluster, { ...clusters[cluster], unread: false }] as const);
  return { clusters: Object.fromEntries(read) as Step["clusters"], environments };
}

/** Why a folder may be left as it is: what it is to hold of what nobody read is in no overlay of its source. */
function mayFreeze({ clusters, environments }: Step, git: Files): boolean {
  const origins = ownershipOf(git)?.environments ?? {};
  const isUnknown = ({ name, source, elsewhere }: Configured) =>
    clusters[source].unread && (origins[name] === undefined || (!elsewhere && origins[name]?.elsewhere === true));
  const isKnown = Object.values(origins).some(({ uid }) => environments.some(({ source }) => uid === uidOf(source)));
  return !isKnown || environments.some(isUnknown);
}

function check(
  { name, source, elsewhere }: Configured,
  { clusters }: Step,
  { before, after, isNew }: { readonly before: Builds; readonly after: Builds; readonly isNew: boolean },
): void {
  for (const object of NAMES) {
    const has = after[name]?.[object];
    const had = before[name]?.[object];
    const about = `${object} in ${name}`;
    const { unread, objects } = clusters[source];
    if (!unread || !REFS[object].resource.startsWith("deployments")) {
      const live = objects[object];
      expect(has, about).toEqual(live === undefined ? undefined : madeFor(elsewhere, objectOf(object, live)));
      continue;
    }
    // Towards the source cluster goes only what some overlay says that it had.
    if (!elsewhere) expect(replicasOf(has), about).not.toBe(OVERRIDDEN);
    if (isNew && elsewhere) expect(has, `${about}, which is new`).toBeUndefined();
    const isTakenBack = !elsewhere && replicasOf(had) === OVERRIDDEN;
    if (!isNew && !isTakenBack) expect(has, `${about}, which nobody read`).toEqual(had);
  }
}

function replicasOf(object: JsonObject | undefined) {
  return at(object, "spec", "replicas");
}

/** What an environment that is deployed elsewhere makes of the number of replicas; no cluster has so many. */
const OVERRIDDEN = 9;

function madeFor(elsewhere: boolean, object: JsonObject): JsonObject {
  if (!elsewhere || object.kind !== "Deployment") return object;
  return { ...object, spec: { ...(object.spec as JsonObject), replicas: OVERRIDDEN } };
}

function objectOf(name: Name, { image, replicas, level, sidecar }: Form): JsonObject {
  const { kind, group } = REFS[name];
  const metadata = { name, namespace: "shop", labels: { app: name } };
  if (kind === "ConfigMap")
    return { apiVersion: "v1", kind, metadata, data: { level, theme: "dark", more: `x${image}` } };
  if (kind === "Widget") {
    const parts = [{ size: replicas }, ...(sidecar ? [{ size: 1 }] : [])];
    return {
      apiVersion: `${group}/v1`,
      kind,
      metadata,
      spec: { level, parts, containers: [{ image: `nginx:${image}` }] },
    };
  }
  const containers = [
    { name: "web", image: `nginx:${image}`, env: [{ name: "LEVEL", value: level }] },
    ...(sidecar ? [{ name: "proxy", image: `envoy:${image}` }] : []),
  ];
  const template = { metadata: { labels: { app: name } }, spec: { containers } };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata,
    spec: { replicas, selector: { matchLabels: { app: name } }, template },
  };
}

/** What a run leaves of the folder; undefined where it freezes it. */
async function run({ clusters, environments }: Step, git: Files): Promise<Files | undefined> {
  const catalog = createCatalog();
  for (const cluster of new Set(environments.map(({ source }) => source))) {
    for (const name of NAMES) {
      const ref = REFS[name];
      const live = clusters[cluster].objects[name];
      if (live === undefined || (clusters[cluster].unread && ref.resource === "deployments")) continue;
      const object = objectOf(name, live);
      const having = environments.filter(({ source, elsewhere }) => source === cluster && elsewhere);
      const variants = having
        .map((each) => [each.name, madeFor(true, object)] as const)
        .filter(([, made]) => !equalJson(made, object))
        .map(([environment, made]) => [environment, textContent(emitYaml(made))] as const);
      catalog.add(FOLDER, cluster, ref, textContent(emitYaml(object)), { variants: new Map(variants) });
    }
  }
  const planning = planningOf({ clusters, environments }, git, catalog);
  const plan = await planFolder(FOLDER, await findAbsences([FOLDER], planning, testCall), planning, testCall);
  if (plan.wanted === undefined) return undefined;
  const files = new Map(git);
  const { added, changed, removed } = plan.changes;
  for (const { path, content } of [...added, ...changed]) {
    files.set(path.slice(FOLDER.length + 1), content?.kind === "text" ? content.text : "");
  }
  for (const { path } of removed) files.delete(path.slice(FOLDER.length + 1));
  return files;
}

function planningOf(
  { clusters, environments }: Step,
  git: Files,
  catalog: Planning["generation"]["catalog"],
): Planning {
  const digests = new Map([...git].map(([path, text]) => [path, sha256Of(text)]));
  const planning = {
    cleaner: { fingerprint: "1" },
    generation: { catalog, settledSecrets: new Set(), findings: { secrets: [] }, scaledIn: () => [] },
    sources: [...new Set(environments.map(({ source }) => source))].map((cluster) =>
      sourceOf(cluster, clusters[cluster]),
    ),
    environments,
    waiting: [],
    gitops: { limits: { maxObjects: 100 }, flat: false },
    settingsOf: (namespace: string | undefined, name: string) => ({
      namespace,
      places: [],
      overridden: environments.some((each) => each.name === name && each.elsewhere),
    }),
    spool: {
      put: async (bytes: Buffer) => textContent(bytes.toString("utf8")),
      read: async (content: { readonly text: string }) => Buffer.from(content.text),
    },
    tree: {
      baseCommit: "tip",
      readFile: async (_commit: string, path: string) => Buffer.from(git.get(path.slice(FOLDER.length + 1)) ?? ""),
    },
    tip: { folders: new Map([[FOLDER, { ownership: ownershipOf(git), digests }]]), ownedFiles: git.size },
    shape: namespacesShape,
    earlier: () => [],
    lastLook: { holdsSecret: () => false, allowsCredential: () => false },
  };
  return planning as unknown as Planning;
}

function sourceOf(
  cluster: Cluster,
  { objects, unread }: ClusterState,
): Pick<Source, "id" | "origin" | "listsSecrets" | "absent"> {
  return {
    id: cluster,
    origin: { cluster: `example.com/${cluster}`, uid: uidOf(cluster), series: "default" },
    listsSecrets: true,
    absent: async (refs) => {
      const gone = refs.filter(({ name, resource }) => {
        return objects[name as Name] === undefined && !(unread && resource === "deployments");
      });
      return new Set(gone.map(refId));
    },
  };
}

function uidOf(cluster: Cluster): string {
  return `uid-of-${cluster}`;
}

function ownershipOf(git: Files) {
  const text = git.get(OWNERSHIP_FILE);
  return text === undefined ? undefined : readOwnership(text, OWNERSHIP_FILE);
}

async function buildsOf(git: Files): Promise<Builds> {
  const builds: Record<string, Record<string, JsonObject>> = {};
  for (const environment of Object.keys(ownershipOf(git)?.environments ?? {})) {
    const objects: Record<string, JsonObject> = {};
    const read = async (path: string) => {
      const text = git.get(path);
      return text === undefined ? undefined : Buffer.from(text);
    };
    for await (const object of buildOverlay(environment, read)) {
      const { metadata } = parseYaml(emitYaml(object)) as JsonObject;
      objects[isJsonObject(metadata) ? String(metadata.name) : ""] = object;
    }
    builds[environment] = objects;
  }
  return builds;
}
