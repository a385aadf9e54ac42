import { Buffer } from "node:buffer";
import type { ObjectStore } from "@kubeferry/object-store";
import { expect, it } from "vitest";
import type { Protection } from "./protection/protection.ts";
import { openSeries } from "./series.ts";
import type { CapturedObject, MirrorView } from "./snapshots.ts";
import { clusterRoles, configMaps, object, secrets, viewOf } from "./testing/cluster.ts";
import { freshPair, freshSigningPair, signingAs } from "./testing/keys.ts";
import { Killed, killedAt } from "./testing/recording.ts";
import { contentOf, type FoundType, mirror, mirrorFiles, takeSnapshot } from "./testing/runs.ts";
import { call, describeOnStores } from "./testing/stores.ts";
import { verifySnapshot } from "./verify/verify-snapshot.ts";
import type { Sealing } from "./writer/sealing.ts";

const OLD: readonly FoundType[] = [
  { type: configMaps, objects: ["a", "b", "c", "d"].map((name) => object(configMaps, `shop/${name}`, "1", name)) },
  { type: clusterRoles, objects: [object(clusterRoles, "view", "1"), object(clusterRoles, "gone", "1")] },
  { type: secrets, objects: [object(secrets, "shop/db", "1", "value")] },
];
const NEW: readonly FoundType[] = [
  {
    type: configMaps,
    objects: [
      object(configMaps, "shop/a", "2", "changed"),
      object(configMaps, "shop/b", "1", "b"),
      object(configMaps, "shop/d", "2", "changed, too"),
      object(configMaps, "shop/e", "1", "new"),
    ],
  },
  { type: clusterRoles, objects: [object(clusterRoles, "view", "1")] },
  { type: secrets, objects: [object(secrets, "shop/db", "2", "other value")] },
];

interface Way {
  readonly secrets: "plain" | "withhold" | "encrypt";
  readonly view: MirrorView;
  readonly sealing?: Sealing;
  readonly protection?: Protection;
}
const plain: Way = { secrets: "plain", view: viewOf("plain", { secrets: true }) };
const withheld: Way = { secrets: "withhold", view: viewOf("withhold", { heading: "withheld file" }) };

/** Secrets are encrypted, manifests signed, and readers trust that key alone. */
async function encrypted(): Promise<Way> {
  const { sealing, opener } = await freshPair();
  const protection = { ...(await signingAs(freshSigningPair())), opener };
  return { secrets: "encrypt", view: viewOf("encrypt"), sealing, protection };
}

async function run(store: ObjectStore, found: readonly FoundType[], way: Way, runId: string): Promise<void> {
  await takeSnapshot(store, found, { ...way, capture: way.secrets, runId });
  await mirror(store, way);
}

function objectsOf(found: readonly FoundType[]): CapturedObject[] {
  return found.flatMap((part) => ("objects" in part ? part.objects : []));
}

function rendered(found: readonly FoundType[], { view }: Way): Record<string, string> {
  const files = found.flatMap((part) =>
    "objects" in part ? part.objects.map((one) => [part.type, one] as const) : [],
  );
  return Object.fromEntries(
    files.flatMap(([type, one]) => {
      const file = view.render(type, one);
      return file === undefined ? [] : [[view.keys.of(type, one.key), Buffer.from(file).toString("latin1")]];
    }),
  );
}

/** What a reader sees is one of the two snapshots, whole. */
async function expectOldOrNew(store: ObjectStore, { protection }: Way): Promise<void> {
  const newest = await openSeries(store, "default", protection).newest(call);
  if (newest === undefined) throw new Error("the old snapshot is gone");
  expect(["old", "new"]).toContain(newest.manifest.runId);
  const expected = objectsOf(newest.manifest.runId === "old" ? OLD : NEW);
  expect(Object.values(await contentOf(newest)).sort()).toEqual(expected.map((one) => one.line.toString()).sort());
}

/** After the first request is before the second: with both sides of every other one nothing is left out. */
const EVERY = process.env.SOAK === "1" ? 1 : 2;

/**
 * Kills a run at its first request, its third, and so on until one gets through.
 * @returns the requests of the one that got through
 */
async function killAtEvery(
  fresh: () => ObjectStore,
  side: "before" | "after",
  { before, now }: { readonly before: Way; readonly now: Way },
): Promise<number> {
  for (let request = 1; ; request += EVERY) {
    const store = fresh();
    await run(store, OLD, before, "old");
    const outcome = await run(killedAt(store, request, side), NEW, now, "new").then(
      () => "finished",
      (error: unknown) => error,
    );
    if (outcome !== "finished") expect(outcome).toBeInstanceOf(Killed);
    await expectOldOrNew(store, now);
    await run(store, NEW, now, "next");
    const newest = await openSeries(store, "default", now.protection).newest(call);
    if (newest === undefined) throw new Error("nothing was committed");
    expect(newest.manifest).toMatchObject({ runId: "next", complete: true });
    expect(await mirrorFiles(store)).toEqual(rendered(NEW, now));
    expect((await verifySnapshot(newest, store, call)).problems).toEqual([]);
    if (outcome === "finished") return request;
  }
}

describeOnStores(["folder", "minio"], (fresh) => {
  it.each(["before", "after"] as const)(
    "a run killed just %s any of its requests leaves the old snapshot or the new one, and the next run ends complete with an equal mirror",
    async (side) => {
      expect(await killAtEvery(fresh, side, { before: plain, now: plain })).toBeGreaterThan(20);
    },
  );
});

describeOnStores(["folder"], (fresh) => {
  it.each(["before", "after"] as const)(
    "so does one killed just %s a request while the mirror is written anew because Secrets are no longer in it",
    async (side) => {
      expect(await killAtEvery(fresh, side, { before: plain, now: withheld })).toBeGreaterThan(20);
    },
  );
});

describeOnStores(["folder"], (fresh) => {
  it.each(["before", "after"] as const)(
    "so does one that encrypts and signs, killed just %s a request",
    async (side) => {
      const way = await encrypted();
      expect(await killAtEvery(fresh, side, { before: way, now: way })).toBeGreaterThan(20);
    },
  );
});
