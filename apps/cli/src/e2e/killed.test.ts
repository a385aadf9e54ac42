import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mirrorView } from "@kubeferry/backup";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { Secret } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import { createProtection, openSeries, type Snapshot, verifySnapshot } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../testing/bundled.ts";
import { testCall } from "../testing/call.ts";
import { sharedByTheRun } from "../testing/cli.ts";
import {
  type DeathPoint,
  deathsBetweenWrites,
  deathsThatDiffer,
  everyDeath,
  requestKind,
} from "../testing/death-points.ts";
import { ordinaryMirror } from "../testing/mirror-settings.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };
const SIGNING_KEY = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
/** All that a run can be asked to do besides. */
const PROTECTED = {
  retention: { keepLast: 1, gcGrace: "1m" },
  encryption: { recipients: ["age1z5f690l30lyagfepne556y8pae90rqvnd4qnpp8auljx3clhkawqa4mka8"] },
  signing: { key: new Secret(SIGNING_KEY) },
};
const VIEW = mirrorView({ ...ordinaryMirror, backup: { ...ordinaryMirror.backup, secrets: "encrypt" } });
const SOAK = process.env.SOAK === "1";

/** A cluster in two states. Both calls give a kubeconfig's path; `after` is called when a snapshot of `before` is there. */
interface TestCluster {
  before(): Promise<string>;
  after(): Promise<string>;
  close(): Promise<void>;
}

const clusters = [
  { cluster: "a small replayed cluster", open: replayedCluster, atOnce: 2, missing: undefined },
  // Hours rather than minutes, so only in a soak.
  ...(SOAK ? [{ cluster: "a real one", open: realCluster, atOnce: 1, missing: missingServers("kube-apiserver") }] : []),
];
const cases = clusters.flatMap((each) => [
  { ...each, name: "MinIO" as const, reason: each.missing ?? missingServers("minio") },
  { ...each, name: "folder" as const, reason: each.missing },
]);

describe.each(cases)("a backup of $cluster to $name, killed around any request to the store", (given) => {
  const { name, open, atOnce, reason } = given;
  let cluster: TestCluster;

  beforeAll(async () => {
    if (reason === undefined) cluster = await open();
  });
  afterAll(() => cluster?.close());

  it.skipIf(reason)(
    "leaves the snapshot before or the new one; the next run ends complete and so does the mirror",
    { timeout: SOAK ? 14_400_000 : 1_800_000 },
    async () => {
      const chosen = SOAK ? everyDeath : name === "folder" ? deathsThatDiffer : deathsBetweenWrites;
      const deaths = chosen(await requestsOfARun());
      expect(await killAndGoOn(undefined)).toBe("ran to its end");
      const outcomes = await pMap(deaths, (each) => killAndGoOn(each), { concurrency: atOnce });
      // Of the requests of a kind there is now and then one less: that death comes too late.
      const died = outcomes.filter((outcome) => outcome !== "ran to its end");
      expect(outcomes.length - died.length).toBeLessThan(4);
      // Every kind of death was met.
      const after = ["after the commit", "after retention removed the old one"];
      expect(new Set(died)).toEqual(new Set(["before the commit", ...after]));
    },
  );

  /** The requests to the store that a run makes which nobody kills; the lease is renewed by the clock and does not count. */
  async function requestsOfARun(): Promise<string[]> {
    const store = await freshStores[name]();
    await runTestBackup(await configOf(await cluster.before(), store), store.env);
    const kinds: string[] = [];
    await runTestBackup(await configOf(await cluster.after(), store), store.env, (event) => {
      if (event.phase === "before" && !event.key.endsWith("/_lease.json")) kinds.push(requestKind(event));
    });
    expect(kinds.length).toBeGreaterThan(20);
    return kinds;
  }

  async function killAndGoOn(point: DeathPoint | undefined): Promise<string> {
    const at = point === undefined ? "not killed" : `killed ${point.phase} ${point.kind} ${point.nth}`;
    const store = await freshStores[name]();
    const first = await configOf(await cluster.before(), store);
    expect(await runTestBackup(first, store.env), at).toMatchObject({ status: "complete" });
    const config = await configOf(await cluster.after(), store);
    const died = await runAndKill(config, store, point);
    const found = await newest(store);
    const isPruned = (await sequences(store)).length < found.manifest.sequence;
    expect([1, 2], at).toContain(found.manifest.sequence);
    expect(await problems(found, store, false), at).toEqual([]);
    expect(await runTestBackup(config, store.env), at).toMatchObject({ status: "complete" });
    const now = await newest(store);
    expect(now.manifest, at).toMatchObject({
      complete: true,
      secrets: "encrypt",
      sequence: found.manifest.sequence + 1,
    });
    expect(await problems(now, store, true), at).toEqual([]);
    // The one before may stay for the sake of the mirror that was interrupted at it.
    expect(await sequences(store), at).not.toContain(1);
    if (!died) return "ran to its end";
    if (isPruned) return "after retention removed the old one";
    return found.manifest.sequence === 1 ? "before the commit" : "after the commit";
  }
});

/** Read by somebody who believes only what was signed with our key. */
async function newest(store: TestStore): Promise<Snapshot> {
  const signing = { ...PROTECTED.signing, trusted: [], unsignedUntil: 0 };
  const trusting = await createProtection({ encryption: { recipients: [], identities: [] }, signing });
  const snapshot = await openSeries(await rootOf(store), "default", trusting).newest(testCall);
  if (snapshot === undefined) throw new Error("no snapshot");
  return snapshot;
}

async function sequences(store: TestStore): Promise<number[]> {
  const found: number[] = [];
  for await (const { sequence } of openSeries(await rootOf(store), "default").list(testCall)) found.push(sequence);
  return found;
}

async function problems(snapshot: Snapshot, store: TestStore, mirrorToo: boolean): Promise<readonly object[]> {
  const root = await rootOf(store);
  return (await verifySnapshot(snapshot, root, testCall, mirrorToo ? { mirror: VIEW } : {})).problems;
}

async function rootOf(store: TestStore): Promise<ObjectStore> {
  return prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
}

async function configOf(kubeconfig: string, store: TestStore): Promise<string> {
  return writeConfig({
    cluster: CLUSTER,
    kubernetes: { kubeconfig },
    store: store.section,
    ...PROTECTED,
    signing: { key: SIGNING_KEY },
  });
}

async function replayedCluster(): Promise<TestCluster> {
  const states = await pMap(["before", "after"] as const, replayed, { concurrency: 1 });
  const [before, after] = states.map(({ kubeconfig }) => kubeconfig);
  return {
    before: async () => before ?? "",
    after: async () => after ?? "",
    close: async () => void (await Promise.all(states.map(({ replay }) => replay.close()))),
  };
}

async function replayed(state: "before" | "after"): Promise<{ replay: ReplayServer; kubeconfig: string }> {
  const replay = await serveSnapshot(await smallCluster(state, { secret: true }), { port: 0 }, testCall);
  const kubeconfig = join(await freshFolder(), "kubeconfig");
  await writeFile(kubeconfig, replay.kubeconfig);
  return { replay, kubeconfig };
}

async function realCluster(): Promise<TestCluster> {
  const kube = await servers.freshKubeApi();
  const namespace = await kube.freshNamespace("killed");
  const state = { changes: 0 };
  return {
    before: async () => kube.kubeconfig,
    async after() {
      state.changes++;
      const data = { change: String(state.changes) };
      await kube.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: "changing" }, data });
      return kube.kubeconfig;
    },
    close: () => kube.stop(),
  };
}

/** @returns whether it died; false when it made fewer requests of the kind */
async function runAndKill(config: string, store: TestStore, point: DeathPoint | undefined): Promise<boolean> {
  const where = point === undefined ? [] : [point.kind, String(point.nth), point.phase];
  const child = spawn(process.execPath, [await bundled("killable-backup"), config, ...where], {
    env: { PATH: process.env.PATH ?? "", ...sharedByTheRun(), ...store.env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit, by) => resolve({ code: exit, signal: by }));
    },
  );
  expect(code === 0 || signal === "SIGKILL", `exit ${code}, signal ${signal}`).toBe(true);
  return signal === "SIGKILL";
}
