// What stage 2 is measured on: snapshots of clusters in a bucket, and a repository that holds what they say.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { takeSnapshot } from "@kubeferry/test-fleet";
import { servers } from "@kubeferry/testbed";
import { startRepository } from "./bare-repository.ts";
import { ENVIRONMENTS, objectsOf } from "./factoring-objects.ts";
import { openStoreOf } from "./stored-snapshot.ts";

const DOMAIN = "bench.internal";
/** Of a hundred Deployments, how many have another status in the next snapshot. */
const MOVING_EVERY = 100;

/** A bucket with snapshots, a bare repository, and the configuration of stage 2 between the two. */
export interface GitOpsFleet {
  /** The configuration's file, and the variables that it names. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clusters: readonly string[];
  /** Takes the next snapshot of every cluster. */
  snapshot(moved: Moved): Promise<void>;
  close(): Promise<void>;
}

/** What is another thing than in the snapshot before: nodes, which never land in Git, or the status of some Deployments. */
export interface Moved {
  readonly heartbeats: number;
  readonly statuses: number;
}

/**
 * Four environments, made from one cluster or from four, a tenth of whose objects differ.
 * @param objects in a cluster
 */
export async function createGitOpsFleet(kind: "one-cluster" | "four-clusters", objects: number): Promise<GitOpsFleet> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  const repository = join(folder, "repository.git");
  await startRepository(repository);
  const minio = await servers.minio();
  const { endpoint, region, accessKey, secretKey } = minio;
  const place = { type: "s3", endpoint, region, bucket: await minio.freshBucket() } as const;
  const sources = kind === "one-cluster" ? (["prod"] as const) : ENVIRONMENTS;
  const environmentOf = (name: string) => ({ cluster: `${DOMAIN}/${kind === "one-cluster" ? "prod" : name}` });
  const gitops = {
    mode: "push",
    namespaces: ["*"],
    repository: { url: repository, cacheFolder: join(folder, "cache") },
    environments: Object.fromEntries(ENVIRONMENTS.map((name) => [name, environmentOf(name)])),
  };
  const file = join(folder, "kubeferry.yaml");
  const keys = { accessKey: "${MINIO_ACCESS_KEY}", secretKey: "${MINIO_SECRET_KEY}" };
  await writeFile(file, JSON.stringify({ store: { ...place, ...keys }, gitops }));
  const env = { MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey };
  const store = await openStoreOf(file, env);
  return {
    file,
    env,
    clusters: sources.map((name) => `${DOMAIN}/${name}`),
    async snapshot(moved) {
      for (const name of sources) await backUp(store, name, withMoved(objectsOf(name, "tenth", objects), moved));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function backUp(store: ObjectStore, name: string, objects: readonly JsonObject[]): Promise<void> {
  await takeSnapshot(store, { domain: DOMAIN, name, uid: `kube-system-of-${name}` }, objects);
}

function withMoved(objects: readonly JsonObject[], { heartbeats, statuses }: Moved): readonly JsonObject[] {
  let seen = 0;
  const moved = objects.map((object) =>
    object.kind === "Deployment" && seen++ % MOVING_EVERY === 0 ? withStatus(object, statuses) : object,
  );
  return [...moved, node(heartbeats)];
}

function withStatus(object: JsonObject, version: number): JsonObject {
  const metadata = { ...(object.metadata as JsonObject), resourceVersion: `1000${version}` };
  return { ...object, metadata, status: { ...(object.status as JsonObject), observedGeneration: version } };
}

function node(heartbeats: number): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "worker-1", uid: "node", resourceVersion: String(heartbeats) },
    status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: `beat ${heartbeats}` }] },
  };
}
