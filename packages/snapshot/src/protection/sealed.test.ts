import { Buffer } from "node:buffer";
import { Secret } from "@kubeferry/model";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeAll, expect, it } from "vitest";
import { compressFrame } from "../blob/compress.ts";
import { diffSnapshots } from "../diff/diff-snapshots.ts";
import { segmentKey } from "../keys.ts";
import { openSeries } from "../series.ts";
import type { Snapshot } from "../snapshots.ts";
import { configMaps, object, secrets, viewOf } from "../testing/cluster.ts";
import { type AgePair, freshPair } from "../testing/keys.ts";
import { recorded } from "../testing/recording.ts";
import { bytesAt, contentOf, filesIn, mirror, mirrorFiles, SEALED, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "../verify/verify-snapshot.ts";
import { createOpener, createSealer } from "./age.ts";

/** Looks like a GitHub token; put together so that no scanner takes this file for one. */
const TOKEN = `ghp_${"a1B2".repeat(9)}`;

const password = object(secrets, "shop/db", "1", { password: "aHVudGVyMg==" });
const plain = object(configMaps, "shop/a", "1", { level: "debug" });
const leaking = object(configMaps, "shop/b", "1", { "ci.sh": `git clone https://x:${TOKEN}@git.example.com/` });
const after = object(configMaps, "shop/c", "1", { level: "info" });
const found = [
  { type: configMaps, objects: [plain, leaking, after] },
  { type: secrets, objects: [password] },
];

async function statesOf(snapshot: Snapshot): Promise<string[]> {
  const keys: string[] = [];
  for await (const { type, key } of snapshot.states(() => true, call)) keys.push(`${type.resource} ${key}`);
  return keys;
}

async function changesBetween(older: Snapshot, newer: Snapshot): Promise<string[]> {
  const changes: string[] = [];
  for await (const { change, key } of diffSnapshots(older, newer, call)) changes.push(`${change} ${key}`);
  return changes;
}

describeOnStores(["folder", "minio"], (fresh) => {
  let pair: AgePair;
  let other: AgePair;
  beforeAll(async () => {
    pair = await freshPair();
    other = await freshPair();
  });

  it("has no byte of a Secret, or of a credential in another object, in the store, and gives them back to an identity", async () => {
    const store = fresh();
    const taken = await takeSnapshot(store, found, { secrets: "encrypt", sealing: pair.sealing });
    await mirror(store);
    const files = await filesIn(store);
    for (const bytes of Object.values(files)) {
      expect(bytes).not.toContain("aHVudGVyMg");
      expect(bytes).not.toContain(TOKEN);
    }
    expect(Object.keys(files).filter((key) => key.endsWith(".ndjson.zst.age"))).toHaveLength(2);
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/a.yaml", "shop/configmaps/c.yaml"]);
    const read = await openSeries(store, "default", { opener: pair.opener }).at(1, call);
    expect(await contentOf(read)).toEqual({
      "configmaps shop/a": plain.line.toString("utf8"),
      "configmaps shop/b": leaking.line.toString("utf8"),
      "configmaps shop/c": after.line.toString("utf8"),
      "secrets shop/db": password.line.toString("utf8"),
    });
    const sealed = taken.manifest.types[0]?.segments.filter((segment) => segment.sealed !== undefined);
    expect(sealed).toMatchObject([{ first: "shop/b", objects: 1, findings: { "github-token": 1 } }]);
  });

  it("names what it cannot open, in the order of keys, so that it is not taken for absent", async () => {
    const store = fresh();
    await takeSnapshot(store, found, { secrets: "encrypt", sealing: pair.sealing });
    for (const options of [{}, { opener: other.opener }]) {
      const read = await openSeries(store, "default", options).at(1, call);
      expect(Object.entries(await contentOf(read))).toEqual([
        ["configmaps shop/a", plain.line.toString("utf8")],
        ["configmaps shop/b", SEALED],
        ["configmaps shop/c", after.line.toString("utf8")],
        ["secrets shop/db", SEALED],
      ]);
      expect(await statesOf(read)).toEqual([
        "configmaps shop/a",
        "configmaps shop/b",
        "configmaps shop/c",
        "secrets shop/db",
      ]);
      const [segment] = read.manifest.types[1]?.segments ?? [];
      if (segment === undefined) throw new Error("no segment");
      await expect(read.segmentObjects(segment, call)).rejects.toMatchObject({
        kind: "sealed",
        message: expect.stringContaining("set encryption.identities"),
      });
    }
  });

  it("names sealed segments again while nothing in them moved, and writes them anew for other recipients", async () => {
    const { store, requests } = recorded(fresh());
    const seal = { secrets: "encrypt", sealing: pair.sealing } as const;
    const first = await takeSnapshot(store, found, seal);
    requests.length = 0;
    const second = await takeSnapshot(store, found, seal);
    expect(requests.filter((request) => request.startsWith("put _snapshots/segments/"))).toEqual([]);
    expect(second.manifest.types).toEqual(first.manifest.types);
    const third = await takeSnapshot(store, found, { ...seal, sealing: other.sealing });
    expect(requests.filter((request) => request.startsWith("put _snapshots/segments/"))).toHaveLength(2);
    expect(await changesBetween(first, third)).toEqual([]);
    expect(await contentOf(await openSeries(store, "default", { opener: pair.opener }).at(3, call))).toMatchObject({
      "secrets shop/db": SEALED,
    });
    expect(await contentOf(await openSeries(store, "default", { opener: other.opener }).at(3, call))).toMatchObject({
      "secrets shop/db": password.line.toString("utf8"),
    });
  });

  it("verifies sealed bytes by their digest, and by their content where it has an identity", async () => {
    const store = fresh();
    await takeSnapshot(store, found, { secrets: "encrypt", sealing: pair.sealing });
    const closed = await openSeries(store, "default").at(1, call);
    const open = await openSeries(store, "default", { opener: pair.opener }).at(1, call);
    expect(await verifySnapshot(closed, store, call)).toEqual({
      ok: true,
      problems: [],
      objects: 2,
      sealed: 2,
      parent: "first",
    });
    expect(await verifySnapshot(open, store, call)).toEqual({
      ok: true,
      problems: [],
      objects: 4,
      sealed: 0,
      parent: "first",
    });
    const [segment] = closed.manifest.types[1]?.segments ?? [];
    if (segment === undefined) throw new Error("no segment");
    const key = segmentKey(segment);
    const bytes = await bytesAt(store, key);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await store.put(key, bytes, {}, call);
    for (const snapshot of [closed, open]) {
      expect(await verifySnapshot(snapshot, store, call)).toMatchObject({ ok: false, problems: [{ key }] });
    }
  });
});

describeOnStores(["folder"], (fresh) => {
  it("refuses another age file for the same recipient in the place of a segment", async () => {
    const pair = await freshPair();
    const store = fresh();
    await takeSnapshot(store, [{ type: secrets, objects: [password] }], { secrets: "encrypt", sealing: pair.sealing });
    const snapshot = await openSeries(store, "default", { opener: pair.opener }).at(1, call);
    const [segment] = snapshot.manifest.types[0]?.segments ?? [];
    if (segment === undefined) throw new Error("no segment");
    const forged = `${password.line.toString("utf8").replace("aHVudGVyMg", "aHVudGVyMw")}\n`;
    const sealed = await pair.sealing.sealer.seal(await compressFrame(Buffer.from(forged)));
    // Nothing but the digest can tell: it has the same size, opens, and holds the same object.
    expect(sealed.length).toBe(segment.sizeBytes);
    await store.put(segmentKey(segment), sealed, {}, call);
    await expect(contentOf(snapshot)).rejects.toMatchObject({ kind: "damaged", key: segmentKey(segment) });
  });

  it("does not carry clear Secrets that cannot be read now into an encrypted snapshot", async () => {
    const pair = await freshPair();
    const store = fresh();
    const view = viewOf("with secrets", { secrets: true });
    await takeSnapshot(store, found, { secrets: "plain", view });
    await mirror(store, { view });
    for (const carry of ["unread", "filtered"] as const) {
      const { manifest } = await takeSnapshot(store, [{ type: secrets, carry }], {
        secrets: "encrypt",
        sealing: pair.sealing,
        series: "default",
      });
      expect(manifest.types).toMatchObject([{ resource: "secrets", objects: 0, segments: [] }]);
    }
    await mirror(store);
    expect(Object.keys(await mirrorFiles(store)).filter((key) => key.includes("/secrets/"))).toEqual([]);
  });

  it.each(["encrypt", "withhold", "omit"] as const)(
    "does not carry what no mode withholds in clear into a snapshot with %s",
    async (mode) => {
      const store = fresh();
      const clients = { ...secrets, group: "oauth.openshift.io", resource: "oauthclients", kind: "OAuthClient" };
      await takeSnapshot(store, [{ type: clients, objects: [object(clients, "shop/console", "1")] }]);
      const { manifest } = await takeSnapshot(store, [{ type: clients, carry: "filtered" }], { secrets: mode });
      expect(manifest.types).toMatchObject([{ resource: "oauthclients", objects: 0, segments: [] }]);
    },
  );

  it("carries sealed Secrets that cannot be read now as they are, whatever becomes of Secrets since", async () => {
    const pair = await freshPair();
    const store = fresh();
    const first = await takeSnapshot(store, found, { secrets: "encrypt", sealing: pair.sealing });
    const second = await takeSnapshot(store, [{ type: secrets, carry: "unread" }], { secrets: "withhold" });
    expect(second.manifest.types[0]?.segments).toEqual(first.manifest.types[1]?.segments);
  });

  it("takes the file of an object out of the mirror once it looks like it holds a credential", async () => {
    const pair = await freshPair();
    const store = fresh();
    const harmless = object(configMaps, "shop/b", "0", { "ci.sh": "make" });
    await takeSnapshot(store, [{ type: configMaps, objects: [plain, harmless, after] }], { sealing: pair.sealing });
    await mirror(store);
    expect(Object.keys(await mirrorFiles(store))).toContain("shop/configmaps/b.yaml");
    await takeSnapshot(store, found, { sealing: pair.sealing });
    await mirror(store);
    expect(Object.keys(await mirrorFiles(store))).not.toContain("shop/configmaps/b.yaml");
  });

  it("reports what looks like a credential and leaves it where it is when there is nobody to encrypt to", async () => {
    const store = fresh();
    const { manifest } = await takeSnapshot(store, found);
    expect(manifest.types[0]?.segments).toMatchObject([{ objects: 3, findings: { "github-token": 1 } }]);
    expect(manifest.types[0]?.segments[0]?.sealed).toBeUndefined();
  });

  it("seals what it found earlier as soon as there is somebody to encrypt to", async () => {
    const pair = await freshPair();
    const store = fresh();
    await takeSnapshot(store, found);
    const { manifest } = await takeSnapshot(store, found, { sealing: pair.sealing });
    expect(manifest.types[0]?.segments).toMatchObject([{ objects: 2 }, { objects: 1, first: "shop/b", sealed: {} }]);
  });
});

it("reads identities out of a file as age-keygen writes it", async () => {
  const [first, second] = [await generateX25519Identity(), await generateX25519Identity()];
  const recipients = await Promise.all([first, second].map((identity) => identityToRecipient(identity)));
  const file = `# created: 2026-11-21T06:00:00Z\n# public key: ${recipients[0]}\n${first}\r\n\n# the old one\n${second}\n`;
  const opener = await createOpener([new Secret(file)]);
  for (const recipient of recipients) {
    const { seal, to } = await createSealer([recipient]);
    expect(opener.opens(to)).toBe(true);
    expect(await opener.open(await seal(Buffer.from("value")))).toEqual(Buffer.from("value"));
  }
  await expect(createOpener([new Secret("# public key: age1\n")])).rejects.toThrow("encryption.identities.0");
});

it("refuses recipients and identities that are none by their place, and never by their text", async () => {
  const wrong = "age1thisisnotakey";
  await expect(createSealer([(await freshPair()).recipient, wrong])).rejects.toThrow("encryption.recipients.1");
  const identity = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;
  const error = await createOpener([new Secret(identity)]).catch((caught: unknown) => caught);
  expect(String(error)).toContain("encryption.identities.0");
  expect(String(error)).not.toContain("QQQQ");
  expect(Buffer.from(JSON.stringify(error)).includes("QQQQ")).toBe(false);
});
