import { generateKeyPairSync } from "node:crypto";
import type { ObjectStore } from "@kubeferry/object-store";
import type { SnapshotManifest } from "@kubeferry/snapshot";
import { configMap, deployment, namespace, secret, testCall, widget } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const MORNING = "2026-11-21T06:00:00Z";
const NOON = "2026-11-21T12:00:00Z";

describe.skipIf(missingServers("kustomize"))("environments of one cluster at two times", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  const gitops = { environments: { dev: {}, prod: { at: "2026-11-21T08:00:00+01:00" } } };

  it("each hold what the cluster held then, and the next run has nothing to say", { timeout: 60_000 }, async () => {
    const same = [namespace("shop"), configMap("shop/same")];
    await fleet.snapshot([...same, deployment("shop/web", 1), configMap("shop/old")], { finishedAt: MORNING });
    await fleet.snapshot([...same, deployment("shop/web", 2)], { finishedAt: NOON });
    await fleet.run({ gitops });
    const prod = await fleet.build(BRANCH, "namespaces/shop/prod");
    expect(Object.keys(prod).sort()).toEqual(["ConfigMap old", "ConfigMap same", "Deployment web", "Namespace shop"]);
    expect(prod["Deployment web"]).toMatchObject({ spec: { replicas: 1 } });
    const dev = await fleet.build(BRANCH, "namespaces/shop/dev");
    expect(Object.keys(dev).sort()).toEqual(["ConfigMap same", "Deployment web", "Namespace shop"]);
    expect(dev["Deployment web"]).toMatchObject({ spec: { replicas: 2 } });
    await fleet.merge(BRANCH);
    expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [] });
  });

  it("do not take each other's objects for ones that nobody proved to be gone", { timeout: 60_000 }, async () => {
    const unread = { unread: ["widgets.example.com"], finishedAt: NOON };
    await fleet.snapshot([namespace("shop"), widget("shop/blue")], { finishedAt: MORNING });
    await fleet.snapshot([namespace("shop")], { finishedAt: NOON });
    await fleet.run({ gitops });
    await fleet.merge(BRANCH);
    await fleet.snapshot([namespace("shop")], unread);
    expect(await fleet.run({ gitops })).toMatchObject({ files: { written: 0, changed: 0, removed: 0 } });
    expect(Object.keys(await fleet.build("main", "namespaces/shop/dev"))).toEqual(["Namespace shop"]);
  });

  it("say so when nothing is as old as that", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop")], { finishedAt: NOON });
    await expect(fleet.run({ gitops })).rejects.toThrow(
      'read the newest snapshot of crc.testing/wrl62 that was finished by 2026-11-21T08:00:00+01:00: no-snapshot: the store holds none in series "default" that is as old as that',
    );
  });
});

describe("a snapshot with gaps", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot([namespace("shop")], {
      unread: ["widgets.example.com", "secrets"],
      filtered: ["services"],
      skipped: ["pods"],
    });
  });
  afterEach(() => fleet.close());

  it("is used unless configured otherwise, and the report names what it lacks", { timeout: 60_000 }, async () => {
    const report = await fleet.run();
    expect(report.commit).not.toBe("");
    expect(report.waitsFor).toBeUndefined();
    // What no backup takes by itself is no news.
    expect(report.warnings).toEqual([
      "crc.testing/wrl62: secrets was unread (forbidden)",
      "crc.testing/wrl62: services was filtered (excluded)",
      "crc.testing/wrl62: widgets.example.com was unread (forbidden)",
    ]);
  });

  it("is waited for: the run ends well, says for what, and Git is not even looked at", {
    timeout: 60_000,
  }, async () => {
    const gitops = { source: { onPartial: "wait" }, repository: { url: "https://127.0.0.1:1/nobody/listens.git" } };
    expect(await fleet.run({ gitops })).toMatchObject({
      status: "complete",
      waitsFor: [
        "crc.testing/wrl62: secrets was unread (forbidden)",
        "crc.testing/wrl62: widgets.example.com was unread (forbidden)",
      ],
      commit: "",
      pullRequest: null,
    });
  });

  it("ends the run", { timeout: 60_000 }, async () => {
    await expect(fleet.run({ gitops: { source: { onPartial: "fail" } } })).rejects.toMatchObject({
      kind: "blocked",
      message: expect.stringContaining("crc.testing/wrl62: widgets.example.com was unread (forbidden)") as string,
    });
    expect(await fleet.tip(BRANCH)).toBe("");
  });

  it("is no longer waited for once it is whole", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop")]);
    const report = await fleet.run({ gitops: { source: { onPartial: "wait" } } });
    expect(report.waitsFor).toBeUndefined();
    expect(report.commit).not.toBe("");
  });
});

describe("what is read", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  it("is held against its digests before Git is touched, all of it", { timeout: 120_000 }, async () => {
    const objects = [namespace("shop"), configMap("shop/a"), secret("shop/b", { password: "some-password" })];
    await fleet.snapshot([...objects, widget("shop/kept"), widget("shop/gone")], { secrets: "plain" });
    await fleet.run();
    await fleet.merge(BRANCH);
    await fleet.snapshot([...objects, widget("shop/kept")], { secrets: "plain" });
    const before = await fleet.tip(BRANCH);
    const outcomes: Record<string, string> = {};
    for (const [what, key] of await blobsOf(fleet.store, "0000000002")) {
      const bytes = await bytesOf(fleet.store, key);
      await fleet.store.put(key, flipped(bytes), {}, testCall);
      outcomes[what] = await outcomeOf(fleet.run({ allowRemovals: true }));
      await fleet.store.put(key, bytes, {}, testCall);
      expect(await fleet.tip(BRANCH)).toBe(before);
    }
    expect(outcomes).toEqual({
      "configmaps: objects": "damaged",
      "namespaces: objects": "damaged",
      "namespaces: states": "damaged",
      "secrets: objects": "damaged",
      "widgets: objects": "damaged",
      "widgets: states": "damaged",
    });
    expect((await fleet.run({ allowRemovals: true })).files).toMatchObject({ removed: 1 });
  });

  it("is only what a trusted key signed, where one is configured", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop")]);
    const { publicKey } = generateKeyPairSync("ed25519");
    const trusted = [publicKey.export({ type: "spki", format: "pem" }).toString()];
    await expect(fleet.run({ config: { signing: { trusted } } })).rejects.toThrow(/sign/);
    expect(await fleet.tip(BRANCH)).toBe("");
  });
});

async function outcomeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return "done";
  } catch (error) {
    return String((error as { kind?: unknown }).kind);
  }
}

/** Everything of a snapshot that a run has to read: all objects, and the states that prove the Widget gone. */
async function blobsOf(store: ObjectStore, number: string): Promise<readonly [string, string][]> {
  const root = "crc.testing/wrl62/_snapshots";
  const manifest = await bytesOf(store, `${root}/default/${number}.json`);
  const { types } = JSON.parse(manifest.toString("utf8")) as SnapshotManifest;
  return types.flatMap(({ resource, segments }) =>
    segments.flatMap(({ sha256, state }): [string, string][] => {
      const objects: [string, string] = [`${resource}: objects`, `${root}/segments/${sha256}.ndjson.zst`];
      const states: [string, string] = [`${resource}: states`, `${root}/state/${state.sha256}.ndjson.zst`];
      return resource === "namespaces" || resource === "widgets" ? [objects, states] : [objects];
    }),
  );
}

async function bytesOf(store: ObjectStore, key: string): Promise<Buffer> {
  const stored = await store.get(key, testCall);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stored?.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}
