import { Buffer } from "node:buffer";
import { verify } from "node:crypto";
import { Secret } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { expect, it } from "vitest";
import { manifestKey } from "../keys.ts";
import { canonicalJson } from "../manifest/canonical-json.ts";
import { prune } from "../prune/prune.ts";
import { openSeries } from "../series.ts";
import { configMaps, identity, object } from "../testing/cluster.ts";
import { freshSigningPair, type SigningPair, signingAs, trusting } from "../testing/keys.ts";
import { bytesAt, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "../verify/verify-snapshot.ts";
import type { Protection } from "./protection.ts";
import { createSigner, createTrust } from "./signature.ts";

const found = [{ type: configMaps, objects: [object(configMaps, "shop/a", "1")] }];
const FIRST = manifestKey("default", 1);
const SECOND = manifestKey("default", 2);

function newestFor(store: ObjectStore, protection: Protection) {
  return openSeries(store, "default", { ...protection, cluster: identity }).newest(call);
}

/** A store with two snapshots that one key signed. */
async function twoSigned(store: ObjectStore): Promise<{ pair: SigningPair; protection: Protection }> {
  const pair = freshSigningPair();
  const protection = await signingAs(pair);
  await takeSnapshot(store, found, { protection });
  await takeSnapshot(store, found, { protection });
  return { pair, protection };
}

describeOnStores(["folder", "minio"], (fresh) => {
  it("reads what a trusted key signed, and builds on it", async () => {
    const store = fresh();
    const { pair } = await twoSigned(store);
    const read = await newestFor(store, await trusting([freshSigningPair(), pair]));
    expect(read).toMatchObject({ manifest: { sequence: 2 }, signature: { state: "verified" } });
    expect(await openSeries(store, "default").newest(call)).toMatchObject({ signature: { state: "unchecked" } });
  });

  it("refuses what another key signed, to readers and to the next run", async () => {
    const store = fresh();
    const { pair } = await twoSigned(store);
    const forged = await signingAs(freshSigningPair());
    const { signer } = forged;
    const bytes = await bytesAt(store, SECOND);
    const line = bytes.subarray(0, bytes.indexOf(0x0a) + 1);
    await store.put(SECOND, Buffer.concat([line, signer?.lineFor(line) ?? Buffer.alloc(0)]), {}, call);
    const refusal = { kind: "untrusted", key: SECOND, message: expect.stringContaining("not among signing.trusted") };
    await expect(newestFor(store, await trusting([pair]))).rejects.toMatchObject(refusal);
    await expect(takeSnapshot(store, found, { protection: await signingAs(pair) })).rejects.toMatchObject(refusal);
  });
});

describeOnStores(["folder"], (fresh) => {
  it("refuses a signed manifest of which one character is another", async () => {
    const store = fresh();
    const { protection } = await twoSigned(store);
    const text = (await bytesAt(store, SECOND)).toString("utf8");
    await store.put(SECOND, Buffer.from(text.replace('"objects":1', '"objects":2')), {}, call);
    await expect(newestFor(store, protection)).rejects.toMatchObject({
      kind: "untrusted",
      message: expect.stringContaining("does not fit its bytes"),
    });
  });

  it("refuses an unsigned manifest, and says which number lets earlier ones pass", async () => {
    const store = fresh();
    await takeSnapshot(store, found);
    await takeSnapshot(store, found);
    const pair = freshSigningPair();
    const refusal = { kind: "untrusted", message: expect.stringContaining("set signing.unsignedUntil: 2") };
    await expect(newestFor(store, await trusting([pair]))).rejects.toMatchObject(refusal);
    await expect(takeSnapshot(store, found, { protection: await signingAs(pair) })).rejects.toMatchObject(refusal);
    const third = await takeSnapshot(store, found, { protection: await signingAs(pair, 2) });
    expect(third).toMatchObject({ manifest: { sequence: 3 }, signature: { state: "verified" } });
    expect(await newestFor(store, await trusting([pair], 2))).toMatchObject({ manifest: { sequence: 3 } });
  });

  it("refuses a manifest whose signature was cut off once signing is on", async () => {
    const store = fresh();
    const { protection } = await twoSigned(store);
    const bytes = await bytesAt(store, SECOND);
    await store.put(SECOND, bytes.subarray(0, bytes.indexOf(0x0a) + 1), {}, call);
    await expect(newestFor(store, protection)).rejects.toMatchObject({
      kind: "untrusted",
      message: expect.stringContaining("it is not signed"),
    });
  });

  it.each([
    ["another sequence", "default", 7, "damaged", "it says sequence 2"],
    ["another series", "other", 2, "damaged", 'series "default"'],
  ])("refuses a signed manifest under %s", async (_name, series, sequence, kind, problem) => {
    const store = fresh();
    const { protection } = await twoSigned(store);
    await store.put(manifestKey(series, sequence), await bytesAt(store, SECOND), {}, call);
    await expect(openSeries(store, series, protection).newest(call)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(problem),
    });
  });

  it("refuses a signed manifest that lies in another cluster's folder", async () => {
    const store = fresh();
    const { protection } = await twoSigned(store);
    const elsewhere = openSeries(store, "default", {
      ...protection,
      cluster: { domain: "crc.testing", name: "other" },
    });
    await expect(elsewhere.newest(call)).rejects.toMatchObject({
      kind: "wrong-cluster",
      message: expect.stringContaining("it says that it is of crc.testing/wrl62"),
    });
  });

  it("refuses a snapshot whose parent was replaced, and reads one whose parent was pruned", async () => {
    const store = fresh();
    const { pair, protection } = await twoSigned(store);
    const original = await bytesAt(store, FIRST);
    const { manifest } = await openSeries(store, "default").at(1, call);
    const line = canonicalJson({ ...manifest, runId: "another" });
    const replaced = Buffer.concat([line, createSigner(pair.key).lineFor(line)]);
    await store.put(FIRST, replaced, {}, call);
    const refusal = { kind: "untrusted", message: expect.stringContaining(`its parent is another than ${FIRST}`) };
    await expect(newestFor(store, protection)).rejects.toMatchObject(refusal);
    await expect(takeSnapshot(store, found, { protection })).rejects.toMatchObject(refusal);
    await store.delete(FIRST, call);
    const read = await newestFor(store, protection);
    if (read === undefined) throw new Error("no snapshot");
    expect(await verifySnapshot(read, store, call)).toMatchObject({ ok: true, parent: "gone" });
    await store.put(FIRST, original, {}, call);
    expect(await verifySnapshot(read, store, call)).toMatchObject({ ok: true, parent: "matches" });
  });

  it("prunes nothing while there is a manifest that nobody believed signed", async () => {
    const store = fresh();
    const { protection } = await twoSigned(store);
    const { manifest } = await openSeries(store, "default").at(2, call);
    await store.put(manifestKey("default", 3), canonicalJson({ ...manifest, sequence: 3 }), {}, call);
    const options = { store, series: "default", policy: { keepLast: 1 }, gcGraceMs: 1, concurrency: 2 };
    const asked = { ...options, storeTime: new Date(), dryRun: true };
    expect((await prune(asked, call)).removed.snapshots).toBe(2);
    expect(await prune({ ...asked, trust: protection.trust }, call)).toMatchObject({
      removed: { snapshots: 0 },
      blocked: [{ key: manifestKey("default", 3) }],
    });
  });

  it("signs what the documentation says it signs", async () => {
    const store = fresh();
    const { pair } = await twoSigned(store);
    const [line = "", signature = ""] = (await bytesAt(store, FIRST)).toString("utf8").split("\n");
    const { ed25519 } = (JSON.parse(signature) as { signature: { ed25519: string } }).signature;
    const signed = Buffer.from(`kubeferry manifest\n${line}\n`);
    expect(verify(null, signed, pair.publicKey, Buffer.from(ed25519, "base64"))).toBe(true);
  });
});

it("takes public keys in PEM and as the base64 inside it", () => {
  const { publicKey } = freshSigningPair();
  const inside = publicKey.replaceAll(/-----[^-]+-----|\n/g, "");
  const ids = [publicKey, inside].map((trusted) => [
    ...(createTrust({ trusted: [trusted], unsignedUntil: 0 })?.keys.keys() ?? []),
  ]);
  expect(ids[0]).toEqual(ids[1]);
});

it.each([
  ["nonsense", "nonsense"],
  ["a cut key", freshSigningPair().key.reveal().slice(0, 80)],
])("refuses %s as a key to sign with, without a byte of it", (_name, text) => {
  expect(() => createSigner(new Secret(text))).toThrow(
    /^snapshot: read signing.key: invalid: it is not an ed25519 private key in PEM; write what `openssl genpkey -algorithm ed25519` prints$/,
  );
  expect(() => createTrust({ trusted: [text], unsignedUntil: 0 })).toThrow("read signing.trusted.0");
});
