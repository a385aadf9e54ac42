import type { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { ObjectStore } from "@kubeferry/object-store";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "./blob/digest.ts";
import { manifestKey } from "./keys.ts";
import type { Opener } from "./protection/age.ts";
import type { Protection } from "./protection/protection.ts";
import { createSigner } from "./protection/signature.ts";
import { openSeries } from "./series.ts";
import { SnapshotError } from "./snapshot-error.ts";
import type { Snapshot } from "./snapshots.ts";
import { configMaps, deployments, identity, object, secrets } from "./testing/cluster.ts";
import { type Attack, CORRUPTIONS, type Corruption } from "./testing/corruptions.ts";
import { type AgePair, freshPair, freshSigningPair, signingAs } from "./testing/keys.ts";
import { memoryStore } from "./testing/memory-store.ts";
import { seededRandom } from "./testing/random.ts";
import { contentOf, type FoundType, takeSnapshot } from "./testing/runs.ts";
import { call } from "./testing/stores.ts";
import { verifySnapshot } from "./verify/verify-snapshot.ts";

const ROUNDS = 1_000;
const SEED = 20_261_121;
const TOKEN = `ghp_${"a1B2".repeat(9)}`;

/** The state of a cluster; every version of it has other objects and other contents. */
function foundAt(version: number, salt: string): FoundType[] {
  const names = ["a", "b", "c", "d", "e"].slice(0, 2 + version);
  return [
    {
      type: configMaps,
      objects: [
        ...names.map((name) => object(configMaps, `shop/${name}`, String(version), `${salt} ${name} ${version}`)),
        object(configMaps, "shop/z-leak", "1", `${salt} ${TOKEN}`),
      ],
    },
    { type: secrets, objects: [object(secrets, "shop/db", String(version), `${salt} password`)] },
    { type: deployments, objects: [object(deployments, "shop/web", "1", `${salt} web`)] },
  ];
}

/** Three snapshots of one cluster. */
async function filledStore(salt: string, pair: AgePair, protection: Protection): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const cluster = salt === "ours" ? identity : { ...identity, name: salt };
  for (const version of [1, 2, 3]) {
    await takeSnapshot(memoryStore(files), foundAt(version, salt), {
      ...{ secrets: "encrypt", sealing: pair.sealing, protection, runId: `${salt}-${version}` },
      details: { cluster },
    });
  }
  return files;
}

/** Everything that a reader is told by one snapshot. */
async function tellsOf(snapshot: Snapshot) {
  const states: unknown[] = [];
  for await (const { type, ...state } of snapshot.states(() => true, call)) states.push([type.resource, state]);
  return { manifest: snapshot.manifest, content: await contentOf(snapshot), states, api: await snapshot.api(call) };
}

type Told = Awaited<ReturnType<typeof tellsOf>>;

/** Encrypted bytes that were opened once are not opened again: a thousand rounds read the same ones. */
function remembering(opener: Opener): Opener {
  const opened = new Map<string, Promise<Buffer>>();
  return {
    opens: opener.opens,
    open(bytes) {
      const digest = sha256Hex(bytes);
      const known = opened.get(digest) ?? opener.open(bytes);
      opened.set(digest, known);
      return known;
    },
  };
}

describe.each(["unsigned", "signed"] as const)("a thousand damaged copies of an %s store", (kind) => {
  let pair: AgePair;
  let protection: Protection;
  let ours: Map<string, Buffer>;
  let other: Map<string, Buffer>;
  const originals = new Map<number, Told>();

  beforeAll(async () => {
    pair = await freshPair();
    const keys = await signingAs(freshSigningPair());
    const opener = remembering(pair.opener);
    protection = kind === "signed" ? { ...keys, opener } : { ...keys, signer: undefined, trust: undefined, opener };
    ours = await filledStore("ours", pair, protection);
    other = await filledStore("theirs", pair, protection);
    for (const sequence of [1, 2, 3])
      originals.set(sequence, await tellsOf(await seriesIn(memoryStore(ours)).at(sequence, call)));
  }, 60_000);

  function seriesIn(store: ObjectStore) {
    return openSeries(store, "default", { ...protection, cluster: identity });
  }

  /** "unharmed": whatever was changed, what is read is what was written. */
  async function outcomeOf(files: Map<string, Buffer>): Promise<"refused" | "accepted" | "unharmed"> {
    const store = memoryStore(files);
    const readings = [1, 2, 3, 4, 5, 6].map((sequence) => () => readAt(store, sequence));
    const outcomes = new Set<string>();
    for (const read of [...readings, () => readNewest(store), () => runNext(new Map(files))])
      outcomes.add(await read());
    if (outcomes.has("accepted")) return "accepted";
    return outcomes.has("refused") ? "refused" : "unharmed";
  }

  async function readAt(store: ObjectStore, sequence: number): Promise<string> {
    return refusedOr(async () => {
      const snapshot = await seriesIn(store).at(sequence, call);
      const told = await tellsOf(snapshot).catch(async (error: unknown) => {
        // Whoever verifies is told as well.
        expect((await verifySnapshot(snapshot, store, call)).ok).toBe(false);
        throw error;
      });
      return isDeepStrictEqual(told, originals.get(sequence)) ? "unharmed" : "accepted";
    });
  }

  function readNewest(store: ObjectStore): Promise<string> {
    return refusedOr(async () =>
      (await seriesIn(store).newest(call))?.manifest.sequence === 3 ? "unharmed" : "accepted",
    );
  }

  /** The next backup finds the cluster as it was: what it commits reads so, or it is refused. */
  function runNext(files: Map<string, Buffer>): Promise<string> {
    return refusedOr(async () => {
      const store = memoryStore(files);
      const found = foundAt(3, "ours");
      const taken = await takeSnapshot(store, found, { secrets: "encrypt", sealing: pair.sealing, protection });
      if (taken.manifest.sequence !== 4) return "accepted";
      return isDeepStrictEqual(await contentOf(taken), originals.get(3)?.content) ? "unharmed" : "accepted";
    });
  }

  it(`is never read as what was not written, but for the classes that are said`, { timeout: 600_000 }, async () => {
    const random = seededRandom(SEED);
    const classes = CORRUPTIONS.filter(({ signedOnly }) => kind === "signed" || signedOnly !== true);
    const outcomes = new Map(classes.map(({ name }) => [name, new Set<string>()]));
    const stranger = createSigner(freshSigningPair().key);
    for (let round = 0; round < ROUNDS; round++) {
      const corruption = classes[round % classes.length] as Corruption;
      const files = new Map(ours);
      const attack: Attack = { files, other, random, sealer: pair.sealing.sealer, stranger };
      await corruption.damage(attack);
      const outcome = await outcomeOf(files);
      if (outcome === "accepted" && expected(corruption) === "refused") {
        throw new Error(`round ${round}: ${corruption.name}: was accepted`);
      }
      outcomes.get(corruption.name)?.add(outcome);
    }
    for (const corruption of classes) {
      const seen = outcomes.get(corruption.name) ?? new Set();
      if (expected(corruption) === "accepted") expect([...seen], corruption.name).toEqual(["accepted"]);
      else expect(seen, corruption.name).toContain("refused");
      if (expected(corruption) === "either") expect(seen, corruption.name).toContain("accepted");
    }
  });

  function expected({ unsigned }: Corruption): Corruption["unsigned"] {
    return kind === "signed" ? "refused" : unsigned;
  }

  it("does not tell when its newest manifests are gone: neither digests nor signatures can", async () => {
    const files = new Map(ours);
    files.delete(manifestKey("default", 3));
    expect((await seriesIn(memoryStore(files)).newest(call))?.manifest.sequence).toBe(2);
  });
});

async function refusedOr(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    return error.kind === "not-found" ? "unharmed" : "refused";
  }
}
