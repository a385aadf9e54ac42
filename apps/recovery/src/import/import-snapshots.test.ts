import type { JsonObject } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import {
  acquireLease,
  mirrorKeys,
  openSeries,
  type Protection,
  type Snapshot,
  verifySnapshot,
} from "@kubeferry/snapshot";
import { describe, expect, it } from "vitest";
import { freshKeys, NO_KEYS } from "../testing/protection.ts";
import { CLUSTER, freshStore, quietCall, takeSnapshot } from "../testing/take-snapshot.ts";
import { type ImportedSnapshot, type ImportTarget, importSnapshots } from "./import-snapshots.ts";

function configMap(name: string, data: JsonObject, resourceVersion = "1"): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop", resourceVersion }, data };
}

const SECRET = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "db", namespace: "shop" },
  data: { password: Buffer.from("correct horse battery").toString("base64") },
};
const OBJECTS = [configMap("web", { number: "1.0" }), SECRET];
const keys = mirrorKeys();

interface Importing {
  readonly protection?: Protection;
  readonly secrets?: ImportTarget["secrets"];
  /** By default all of the series, as it was written. */
  readonly snapshots?: AsyncIterable<Snapshot>;
  readonly reading?: Protection;
}

async function imported(from: ObjectStore, to: ObjectStore, importing: Importing = {}): Promise<ImportedSnapshot[]> {
  const { protection = NO_KEYS, secrets = "plain", reading = NO_KEYS } = importing;
  const now = () => new Date();
  const lease = await acquireLease({ store: to, series: "default", runId: "import", work: "import", now }, quietCall);
  const target: ImportTarget = {
    store: to,
    series: "default",
    protection,
    viewFor: () => ({ fingerprint: `${keys.fingerprint} test`, keys, maxObjectBytes: 1e6, render: () => undefined }),
    secrets,
    uploads: 2,
    gcGraceMs: 86_400_000,
  };
  const source = { store: from, snapshots: importing.snapshots ?? every(from, reading) };
  const found: ImportedSnapshot[] = [];
  try {
    for await (const one of importSnapshots(source, target, lease, quietCall)) found.push(one);
  } finally {
    await lease.release({ failed: false }, quietCall);
  }
  return found;
}

async function* every(store: ObjectStore, protection: Protection): AsyncIterable<Snapshot> {
  const series = openSeries(store, "default", protection);
  for await (const { sequence } of series.list(quietCall)) yield series.at(sequence, quietCall);
}

/** Every object as it was captured, by its type and key. */
async function linesOf(snapshot: Snapshot): Promise<Readonly<Record<string, string>>> {
  const lines: Record<string, string> = {};
  for await (const object of snapshot.objects(() => true, quietCall)) {
    lines[`${object.type.resource} ${object.key}`] = object.readable ? object.line.toString("utf8") : "encrypted";
  }
  return lines;
}

describe("an import", () => {
  it("re-encrypts to other recipients and signs with another key, and every object comes out byte for byte", async () => {
    const [ours, theirs] = [await freshKeys(), await freshKeys()];
    const [from, to] = [await freshStore(), await freshStore()];
    const original = await takeSnapshot(from, OBJECTS, { secrets: "encrypt", protection: theirs.writer });
    const found = await imported(from, to, { protection: ours.writer, reading: theirs.writer });
    expect(found).toEqual([{ from: 1, outcome: "imported", sequence: 1, objects: 2, sealed: 1 }]);
    const copy = await openSeries(to, "default", ours.writer).at(1, quietCall);
    expect(await linesOf(copy)).toEqual(await linesOf(original));
    expect(copy.signature.state).toBe("verified");
    expect(copy.manifest).toMatchObject({
      cluster: CLUSTER,
      finishedAt: original.manifest.finishedAt,
      secrets: "encrypt",
      origin: { series: "default", sequence: 1, sha256: original.sha256 },
    });
    // Whoever could open the original cannot open the copy.
    const stranger = openSeries(to, "default", { opener: theirs.writer.opener });
    expect(await linesOf(await stranger.at(1, quietCall))).toMatchObject({ "secrets shop/db": "encrypted" });
    expect(await verifySnapshot(copy, to, quietCall)).toMatchObject({ ok: true, objects: 2, sealed: 0 });
  });

  it("finds every snapshot of a series present in the series itself, and makes no copy of the newest", async () => {
    const store = await freshStore();
    for (const [index, finishedAt] of times(2).entries()) {
      await takeSnapshot(store, [configMap("web", { step: String(index) }, String(index + 1))], { finishedAt });
    }
    expect(await imported(store, store)).toEqual([
      { from: 1, outcome: "present", sequence: 1, objects: 1, sealed: 0 },
      { from: 2, outcome: "present", sequence: 2, objects: 1, sealed: 0 },
    ]);
    expect((await openSeries(store, "default", NO_KEYS).newest(quietCall))?.manifest.sequence).toBe(2);
  });

  it("goes on where it stopped, and imports nothing twice", async () => {
    const [from, to] = [await freshStore(), await freshStore()];
    for (const [index, finishedAt] of times(3).entries()) {
      await takeSnapshot(from, [configMap("web", { step: String(index) }, String(index + 1))], { finishedAt });
    }
    async function* stopsAfterTwo() {
      let count = 0;
      for await (const snapshot of every(from, NO_KEYS)) {
        if (++count === 3) throw new Error("killed");
        yield snapshot;
      }
    }
    await expect(imported(from, to, { snapshots: stopsAfterTwo() })).rejects.toThrow("killed");
    expect(await imported(from, to)).toMatchObject([
      { from: 1, outcome: "present", sequence: 1 },
      { from: 2, outcome: "present", sequence: 2 },
      { from: 3, outcome: "imported", sequence: 3 },
    ]);
    const copy = await openSeries(to, "default").at(2, quietCall);
    expect(await linesOf(copy)).toMatchObject({ "configmaps shop/web": expect.stringContaining('"step":"1"') });
  });

  it("puts no earlier state behind a later one, which backups build on", async () => {
    const [from, to] = [await freshStore(), await freshStore()];
    const [early = new Date(), late = new Date()] = times(2);
    await takeSnapshot(from, OBJECTS, { finishedAt: early });
    await takeSnapshot(to, OBJECTS, { finishedAt: late });
    expect(await imported(from, to)).toMatchObject([{ from: 1, outcome: "older", sequence: null }]);
    expect((await openSeries(to, "default").newest(quietCall))?.manifest.sequence).toBe(1);
  });

  it("refuses another cluster under the same name", async () => {
    const [from, to] = [await freshStore(), await freshStore()];
    const [early = new Date(), late = new Date()] = times(2);
    await takeSnapshot(to, OBJECTS, { finishedAt: early });
    await takeSnapshot(from, OBJECTS, { finishedAt: late, cluster: { ...CLUSTER, uid: "another" } });
    await expect(imported(from, to)).rejects.toMatchObject({ kind: "wrong-cluster" });
  });

  it("writes nothing when the original is damaged", async () => {
    const [from, to] = [await freshStore(), await freshStore()];
    const { manifest } = await takeSnapshot(from, OBJECTS);
    const [segment] = manifest.types[0]?.segments ?? [];
    await from.delete(`_snapshots/segments/${segment?.sha256}.ndjson.zst`, quietCall);
    await expect(imported(from, to)).rejects.toMatchObject({
      kind: "damaged",
      message: expect.stringContaining("nothing of it was imported"),
    });
    const stored: string[] = [];
    for await (const entry of to.list("_snapshots/", {}, quietCall)) stored.push(JSON.stringify(entry));
    expect(stored).toEqual([]);
  });

  it("keeps a type unread that was unread, since the same time", async () => {
    const [from, to] = [await freshStore(), await freshStore()];
    const whole = await takeSnapshot(from, OBJECTS);
    const since = "2026-11-20T05:00:00.000Z";
    const captured = { status: "unread", reason: "forbidden", sinceSequence: 7, since } as const;
    const types = whole.manifest.types.map((type) => ({ ...type, captured }));
    async function* gap() {
      yield { ...whole, manifest: { ...whole.manifest, types } };
    }
    await imported(from, to, { snapshots: gap() });
    const { manifest } = await openSeries(to, "default").at(1, quietCall);
    expect(manifest.types[0]?.captured).toEqual({ ...captured, sinceSequence: 1 });
    expect(manifest.complete).toBe(false);
  });
});

describe("Secrets in an import", () => {
  it("are refused when nothing opens them, by type and with what to do", async () => {
    const theirs = await freshKeys();
    const [from, to] = [await freshStore(), await freshStore()];
    await takeSnapshot(from, OBJECTS, { secrets: "encrypt", protection: theirs.writer });
    await expect(imported(from, to, { reading: theirs.reader })).rejects.toThrow(
      "secrets: encrypted, and no identity there opens it; add the identity that opens it to encryption.identities",
    );
  });

  it("that were encrypted never become clear", async () => {
    const theirs = await freshKeys();
    const [from, to] = [await freshStore(), await freshStore()];
    await takeSnapshot(from, OBJECTS, { secrets: "encrypt", protection: theirs.writer });
    await expect(imported(from, to, { reading: theirs.writer })).rejects.toThrow("set encryption.recipients");
  });

  it("in clear are encrypted where there are recipients, and refused where nobody wrote plain", async () => {
    const ours = await freshKeys();
    const [from, to, open] = [await freshStore(), await freshStore(), await freshStore()];
    await takeSnapshot(from, OBJECTS, { secrets: "plain" });
    await imported(from, to, { protection: ours.writer, secrets: "encrypt" });
    const copy = await openSeries(to, "default", ours.writer).at(1, quietCall);
    expect(copy.manifest).toMatchObject({ secrets: "encrypt" });
    expect((await linesOf(copy))["secrets shop/db"]).toContain(SECRET.data.password);
    await expect(imported(from, open, { secrets: "withhold" })).rejects.toThrow("values of Secrets in clear");
    expect(await imported(from, open, { secrets: "plain" })).toMatchObject([{ outcome: "imported" }]);
  });
});

/** So many moments, a minute apart. */
function times(count: number): Date[] {
  return Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 10, 20, 6, index)));
}
