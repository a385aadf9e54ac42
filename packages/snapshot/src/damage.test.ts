import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { LogFields } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { blobKey } from "./keys.ts";
import { canonicalJson } from "./manifest/canonical-json.ts";
import type { SnapshotManifest } from "./manifest.ts";
import { openSeries } from "./series.ts";
import type { Snapshot } from "./snapshots.ts";
import { configMaps, deployments, object, secrets } from "./testing/cluster.ts";
import { bytesAt, contentOf, takeSnapshot } from "./testing/runs.ts";
import { call, describeOnStores } from "./testing/stores.ts";
import { verifySnapshot } from "./verify/verify-snapshot.ts";

type Damage = (bytes: Buffer, other: Buffer) => Buffer;

const DAMAGES: readonly (readonly [string, Damage])[] = [
  [
    "a flipped bit",
    (bytes) => Buffer.from(bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 8 : byte))),
  ],
  ["a missing end", (bytes) => bytes.subarray(0, bytes.length - 1)],
  ["an appended second frame", (bytes) => Buffer.concat([bytes, bytes])],
  ["appended bytes", (bytes) => Buffer.concat([bytes, Buffer.from("x")])],
  ["another blob in its place", (_bytes, other) => other],
  ["nothing in it", () => Buffer.alloc(0)],
  ["a whole frame of the same size that says something else", forged],
];

/** A frame as the writer makes it, so that only what the test changes is wrong. */
function frame(raw: string): Buffer {
  const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_contentSizeFlag]: 1 };
  return zstdCompressSync(Buffer.from(raw), { params, pledgedSrcSize: Buffer.byteLength(raw) });
}

/** Only the digest can tell: one character of the content is another one, everything around it is as it was. */
function forged(bytes: Buffer): Buffer {
  const raw = zstdDecompressSync(bytes).toString("utf8");
  const at = raw.search(/[a-z0-9][^a-z0-9]*$/);
  for (const char of "abcdef0123456789") {
    const other = frame(`${raw.slice(0, at)}${char}${raw.slice(at + 1)}`);
    if (other.length === bytes.length && !other.equals(bytes)) return other;
  }
  throw new Error("no character gives a frame of the same size");
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function firstSegment({ manifest }: Snapshot) {
  const segment = manifest.types[0]?.segments[0];
  if (segment === undefined) throw new Error("no segment");
  return segment;
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _item of items);
}

describeOnStores(["folder", "minio"], (fresh) => {
  const found = [
    { type: configMaps, objects: [object(configMaps, "shop/a", "1", "one"), object(configMaps, "shop/b", "1", "two")] },
    { type: deployments, objects: [object(deployments, "shop/web", "1", "three")] },
  ];

  describe.each(DAMAGES)("a blob with %s", (_name, damage) => {
    it.each(["segments", "state", "api"] as const)("is refused as damaged, naming it, among %s", async (kind) => {
      const store = fresh();
      const taken = await takeSnapshot(store, found);
      const segment = firstSegment(taken);
      const digests = { segments: segment.sha256, state: segment.state.sha256, api: taken.manifest.api.sha256 };
      const key = blobKey(kind, digests[kind]);
      const other = await bytesAt(store, blobKey("segments", taken.manifest.types[1]?.segments[0]?.sha256 ?? ""));
      await store.put(key, damage(await bytesAt(store, key), other), {}, call);
      const readers = {
        segments: () => drain(taken.objects(() => true, call)),
        state: () => drain(taken.states(() => true, call)),
        api: () => taken.api(call),
      };
      await expect(readers[kind]()).rejects.toMatchObject({ kind: "damaged", key });
      const events: unknown[] = [];
      const log = { ...call.log, warn: (_message: string, fields?: LogFields) => void events.push(fields?.event) };
      const verified = await verifySnapshot(taken, store, { ...call, log });
      expect(verified.ok).toBe(false);
      expect(verified.problems.map((problem) => problem.key)).toEqual([key]);
      expect(events).toEqual(["digest-mismatch"]);
    });
  });
});

describeOnStores(["folder"], (fresh) => {
  /** Takes a snapshot, then names other bytes as its only segment, as a careless writer might. */
  async function withSegment(raw: string, stored: Buffer, changes: Partial<ReturnType<typeof firstSegment>> = {}) {
    const store = fresh();
    const taken = await takeSnapshot(store, [
      { type: configMaps, objects: [object(configMaps, "shop/a", "1"), object(configMaps, "shop/b", "1")] },
    ]);
    await store.put(blobKey("segments", sha256(stored)), stored, {}, call);
    const segment = {
      ...firstSegment(taken),
      sha256: sha256(stored),
      sizeBytes: stored.length,
      rawBytes: Buffer.byteLength(raw),
      ...changes,
    };
    const [type] = taken.manifest.types;
    const manifest = { ...taken.manifest, types: [{ ...type, segments: [segment] }] };
    await store.put(taken.key, canonicalJson(manifest), {}, call);
    return { store, snapshot: await openSeries(store, "default").at(1, call) };
  }

  const a = object(configMaps, "shop/a", "1").line.toString("utf8");
  const b = object(configMaps, "shop/b", "1").line.toString("utf8");
  const good = `${a}\n${b}\n`;

  it.each([
    [
      "a second frame that its digest covers",
      good,
      Buffer.concat([frame(good), frame(good)]),
      {},
      "bytes behind its zstd frame",
    ],
    [
      "garbage that its digest covers",
      good,
      Buffer.concat([frame(good), Buffer.from("garbage")]),
      {},
      "7 bytes behind its zstd frame",
    ],
    ["more bytes than the manifest says", good, frame(good), { rawBytes: 100 }, "more than the 100 allowed"],
    ["fewer bytes than the manifest says", good, frame(good), { rawBytes: 10_000 }, "not 10000"],
    ["a missing object", `${a}\n`, frame(`${a}\n`), {}, "it has 1 objects, not 2"],
    ["objects out of order", `${b}\n${a}\n`, frame(`${b}\n${a}\n`), {}, "does not start and end"],
    ["an end that is no line", good.slice(0, -1), frame(good.slice(0, -1)), {}, "its last line does not end"],
    ["a line that is no object", `${a}\n[]\n`, frame(`${a}\n[]\n`), {}, "line 2 is no object with a name"],
    ["another first object", good, frame(good), { first: "shop/0" }, "does not start and end"],
  ])("refuses a segment with %s", async (_name, raw, stored, changes, problem) => {
    const { snapshot } = await withSegment(raw, stored, changes);
    await expect(contentOf(snapshot)).rejects.toMatchObject({
      kind: "damaged",
      message: expect.stringContaining(problem),
    });
  });

  it("finds objects that are another version than the state says", async () => {
    const moved = object(configMaps, "shop/b", "2").line.toString("utf8");
    const raw = `${a}\n${moved}\n`;
    const { store, snapshot } = await withSegment(raw, frame(raw));
    expect(await verifySnapshot(snapshot, store, call)).toMatchObject({
      ok: false,
      objects: 1,
      problems: [{ problem: "configmaps shop/b: is another version in the state" }],
    });
  });

  it("finds API documents that are no documents, unless their stored bytes alone are asked for", async () => {
    const store = fresh();
    const taken = await takeSnapshot(store, [{ type: configMaps, objects: [object(configMaps, "shop/a", "1")] }]);
    const stored = frame(JSON.stringify({ discovery: "{", openapi: { "/openapi/v3/api/v1": "no JSON" } }));
    const key = blobKey("api", sha256(stored));
    await store.put(key, stored, {}, call);
    const api = { ...taken.manifest.api, sha256: sha256(stored), sizeBytes: stored.length };
    await store.put(taken.key, canonicalJson({ ...taken.manifest, api }), {}, call);
    const snapshot = await openSeries(store, "default").at(1, call);
    expect((await verifySnapshot(snapshot, store, call)).problems).toEqual([
      { key, problem: "its discovery document is not JSON" },
      { key, problem: "its OpenAPI document /openapi/v3/api/v1 is not JSON" },
    ]);
    expect((await verifySnapshot(snapshot, store, call, { api: "stored" })).problems).toEqual([]);
    await store.put(key, Buffer.concat([stored, Buffer.from("x")]), {}, call);
    expect((await verifySnapshot(snapshot, store, call, { api: "stored" })).problems).toMatchObject([{ key }]);
  });

  it("refuses a state of other versions than its segment has", async () => {
    const store = fresh();
    const taken = await takeSnapshot(store, [{ type: configMaps, objects: [object(configMaps, "shop/a", "1")] }]);
    const stored = frame(`${JSON.stringify({ k: "shop/a", u: "uid-configmaps-shop/a", v: "2" })}\n`);
    const [type] = taken.manifest.types;
    const segment = { ...firstSegment(taken), state: { sha256: sha256(stored), sizeBytes: stored.length } };
    await store.put(blobKey("state", sha256(stored)), stored, {}, call);
    await store.put(
      taken.key,
      canonicalJson({ ...taken.manifest, types: [{ ...type, segments: [segment] }] }),
      {},
      call,
    );
    const snapshot = await openSeries(store, "default").at(1, call);
    await expect(drain(snapshot.states(() => true, call))).rejects.toMatchObject({
      kind: "damaged",
      message: expect.stringContaining("its versions are not those of the manifest"),
    });
  });

  const CONTRADICTIONS: readonly (readonly [string, (manifest: SnapshotManifest) => unknown, string])[] = [
    ["another sequence", (manifest) => ({ ...manifest, sequence: 2, parent: "0".repeat(64) }), "it says sequence 2"],
    ["another series", (manifest) => ({ ...manifest, series: "other" }), 'series "other"'],
    ["a parent but sequence 1", (manifest) => ({ ...manifest, parent: "0".repeat(64) }), "do not fit"],
    [
      "a digest that is none",
      (manifest) => ({ ...manifest, api: { ...manifest.api, sha256: "../../x" } }),
      "api.sha256",
    ],
    ["a wrong count", (manifest) => ({ ...manifest, objects: 7 }), "not the sum of its types"],
    ["types out of order", (manifest) => ({ ...manifest, types: [...manifest.types].reverse() }), "out of order"],
    ["a missing field", ({ runId: _runId, ...manifest }) => manifest, "runId"],
  ];

  it.each(CONTRADICTIONS)("refuses a manifest with %s", async (_name, change, problem) => {
    const store = fresh();
    const { key, manifest } = await takeSnapshot(store, [
      { type: configMaps, objects: [object(configMaps, "shop/a", "1")] },
      { type: secrets, objects: [object(secrets, "shop/a", "1")] },
    ]);
    await store.put(key, canonicalJson(change(manifest)), {}, call);
    await expect(openSeries(store, "default").newest(call)).rejects.toMatchObject({
      kind: "damaged",
      key,
      message: expect.stringContaining(problem),
    });
    await expect(openSeries(store, "default").newest(call)).rejects.toThrow("move it out of its folder to go on");
  });

  it("refuses a manifest of a newer format, to readers and to writers that would extend it", async () => {
    const store = fresh();
    const { key } = await takeSnapshot(store, []);
    await store.put(key, Buffer.from('{"format":2,"anything":"else"}'), {}, call);
    await expect(openSeries(store, "default").newest(call)).rejects.toMatchObject({ kind: "newer-format", key });
    await expect(takeSnapshot(store, [])).rejects.toMatchObject({ kind: "newer-format" });
  });

  it("notices that a parent was replaced, and does not mind one that was pruned", async () => {
    const store = fresh();
    const first = await takeSnapshot(store, []);
    const second = await takeSnapshot(store, []);
    expect((await verifySnapshot(second, store, call)).ok).toBe(true);
    await store.put(first.key, canonicalJson({ ...first.manifest, runId: "another" }), {}, call);
    expect(await verifySnapshot(second, store, call)).toMatchObject({
      problems: [{ key: second.key, problem: `its parent is another than ${first.key}` }],
    });
    await store.delete(first.key, call);
    expect((await verifySnapshot(second, store, call)).ok).toBe(true);
  });

  it.each(["", "Default", "segments", "state", "api", "../x", "a/b", "-a", "a".repeat(64)])(
    "refuses %j as a series",
    (name) => {
      expect(() => openSeries(fresh(), name)).toThrow("a series is named with");
    },
  );

  it("says which snapshot is not there", async () => {
    await expect(openSeries(fresh(), "default").at(42, call)).rejects.toMatchObject({
      kind: "not-found",
      message: expect.stringContaining("_snapshots/default/0000000042.json"),
    });
  });
});
