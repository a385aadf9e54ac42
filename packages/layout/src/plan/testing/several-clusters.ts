import { Buffer } from "node:buffer";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { emitYaml, equalJson } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { testCall } from "@kubeferry/test-fleet";
import { buildOverlay } from "../../build/build-overlay.ts";
import { createCatalog } from "../../catalog.ts";
import { sha256Of, textContent } from "../../content.ts";
import type { FolderEffects } from "../../effects/folder-effects.ts";
import { OWNERSHIP_FILE, type Ownership, readOwnership } from "../../folders/ownership.ts";
import { type GitRef, refId } from "../../git-ref.ts";
import type { Source } from "../../read/source.ts";
import { namespacesShape } from "../../shape/namespaces-shape.ts";
import { findAbsences } from "../keep-unproven.ts";
import { planFolder } from "../plan-folder.ts";
import type { Planning } from "../planning.ts";

const FOLDER = "namespaces/shop";
export const CLUSTERS = ["a", "b", "c"] as const;
export const NAMES = ["web", "api", "settings", "blue"] as const;
export type Cluster = (typeof CLUSTERS)[number];
export type Name = (typeof NAMES)[number];

export const REFS: Readonly<Record<Name, GitRef>> = {
  web: { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" },
  api: { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "api" },
  settings: { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "settings" },
  blue: { group: "example.com", resource: "widgets", kind: "Widget", namespace: "shop", name: "blue" },
};

/** What an object has in one cluster. */
export interface Form {
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
export interface Configured {
  readonly name: string;
  readonly source: Cluster;
  /** It is deployed to another cluster than its source, and has another number there. */
  readonly elsewhere: boolean;
}

/** What happens before a run. */
export interface Step {
  readonly clusters: Readonly<Record<Cluster, ClusterState>>;
  readonly environments: readonly Configured[];
}

/** Path from the folder → text. */
export type Files = ReadonlyMap<string, string>;
/** What overlays build, by environment and name. */
export type Builds = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** What an environment that is deployed elsewhere makes of the number of replicas; no cluster has so many. */
export const OVERRIDDEN = 9;

/** An object of a cluster as an environment of it has it. */
export function madeFor(elsewhere: boolean, object: JsonObject): JsonObject {
  if (!elsewhere || object.kind !== "Deployment") return object;
  return { ...object, spec: { ...(object.spec as JsonObject), replicas: OVERRIDDEN } };
}

/** An object as a cluster has it. */
export function objectOf(name: Name, { image, replicas, level, sidecar }: Form): JsonObject {
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

/**
 * What a run leaves of the folder, and what it says that it changes; undefined where it freezes the folder.
 * @param place a folder on disk for the checkout
 */
export async function run(
  { clusters, environments }: Step,
  git: Files,
  place: string,
): Promise<{ readonly files: Files; readonly effects: FolderEffects } | undefined> {
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
  const planning = planningOf({ clusters, environments }, git, catalog, place);
  await checkOut(git, place);
  const plan = await planFolder(FOLDER, await findAbsences([FOLDER], planning, testCall), planning, testCall);
  if (plan.wanted === undefined) return undefined;
  const files = new Map(git);
  const { added, changed, removed } = plan.changes;
  for (const { path, content } of [...added, ...changed]) {
    files.set(path.slice(FOLDER.length + 1), content?.kind === "text" ? content.text : "");
  }
  for (const { path } of removed) files.delete(path.slice(FOLDER.length + 1));
  return { files, effects: plan.effects };
}

async function checkOut(git: Files, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  for (const [path, text] of git) {
    const file = join(place, FOLDER, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function planningOf(
  { clusters, environments }: Step,
  git: Files,
  catalog: Planning["generation"]["catalog"],
  place: string,
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
      folder: place,
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

/** UID of a cluster's kube-system namespace. */
export function uidOf(cluster: Cluster): string {
  return `uid-of-${cluster}`;
}

/** What the folder says of itself; undefined before the first run. */
export function ownershipOf(git: Files): Ownership | undefined {
  const text = git.get(OWNERSHIP_FILE);
  return text === undefined ? undefined : readOwnership(text, OWNERSHIP_FILE);
}

/** What our own model builds of every overlay. */
export async function buildsOf(git: Files): Promise<Builds> {
  const builds: Record<string, Record<string, JsonObject>> = {};
  for (const environment of Object.keys(ownershipOf(git)?.environments ?? {})) {
    const objects: Record<string, JsonObject> = {};
    const read = async (path: string) => {
      const text = git.get(path);
      return text === undefined ? undefined : Buffer.from(text);
    };
    for await (const object of buildOverlay(environment, read)) {
      objects[textAt(object, "metadata", "name") ?? ""] = object;
    }
    builds[environment] = objects;
  }
  return builds;
}
