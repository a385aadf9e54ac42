// `npm run bench:segments [objects] [rounds]`: what a snapshot costs with segments of 256 KiB, 1 MiB and 4 MiB, when nothing,
// one object of a hundred or one of ten changed, and what reading it costs. Run by hand; the figures are in docs/adr/0040-segments-of-one-mib.md.
import { Buffer } from "node:buffer";
import {
  compareTypes,
  compareUtf8,
  type JsonObject,
  objectKey,
  type ResourceType,
  Secret,
  silentLog,
} from "@kubeferry/model";
import { type ObjectStore, openStore } from "@kubeferry/object-store";
import { type CapturedObject, createSnapshotWriter, mirrorKeys, openSeries } from "@kubeferry/snapshot";
import { type MinioServer, servers } from "@kubeferry/testbed";
import { objectsOf } from "./factoring-objects.ts";
import { median } from "./frame/measure.ts";

const KIB = 2 ** 10;
const SIZES = [256 * KIB, 1024 * KIB, 4096 * KIB];
/** One of so many objects changes; 0: none. */
const CHANGES = [0, 100, 10];

/** What the manifest says of a run. */
const RUN = {
  cluster: { domain: "bench", name: "bench", uid: "bench", nameSource: "configuration", domainSource: "configuration" },
  runId: "bench",
  toolVersion: "bench",
  rulesVersion: "bench",
  secrets: "withhold",
  skipped: [],
  failures: [],
} as const;

/** What one step took. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly puts: number;
  readonly putKiB: number;
  readonly gets: number;
  readonly readKiB: number;
}

const [total = 10_000, rounds = 3] = process.argv.slice(2).map(Number);
const call = { signal: new AbortController().signal, log: silentLog };
const minio = await servers.minio();
const costs = new Map<string, Cost[]>();
for (let round = 1; round <= rounds; round++) {
  for (const segmentBytes of SIZES) {
    process.stderr.write(`round ${round} of ${rounds}: ${segmentBytes / KIB} KiB\n`);
    await measureSize(segmentBytes);
  }
}
const columns = ["wall ms", "processor ms", "puts", "KiB put", "gets", "KiB read"];
process.stdout.write(`| segments, step | ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length + 1)}\n`);
for (const [name, taken] of costs) {
  const middle = (figure: (cost: Cost) => number) => median(taken.map(figure)).toFixed(0);
  const cells = [
    middle(({ wallMs }) => wallMs),
    middle(({ cpuMs }) => cpuMs),
    middle(({ puts }) => puts),
    middle(({ putKiB }) => putKiB),
    middle(({ gets }) => gets),
    middle(({ readKiB }) => readKiB),
  ];
  process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
}

async function measureSize(segmentBytes: number): Promise<void> {
  const traffic = { puts: 0, putBytes: 0, gets: 0, readBytes: 0 };
  const store = counted(await openBucket(minio, await minio.freshBucket()), traffic);
  const step = async (name: string, work: () => Promise<void>): Promise<void> => {
    Object.assign(traffic, { puts: 0, putBytes: 0, gets: 0, readBytes: 0 });
    const startedAt = performance.now();
    const startedCpu = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(startedCpu);
    const { puts, putBytes, gets, readBytes } = traffic;
    const cost = { puts, putKiB: putBytes / KIB, gets, readKiB: readBytes / KIB };
    const taken = { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000, ...cost };
    const row = `${segmentBytes / KIB} KiB, ${name}`;
    costs.set(row, [...(costs.get(row) ?? []), taken]);
  };
  const first = contentOf(0, 0);
  await step("first snapshot", () => write(store, first, segmentBytes));
  for (const [mark, every] of CHANGES.entries()) {
    const content = contentOf(every, mark + 1);
    await step(every === 0 ? "nothing changed" : `1 of ${every} changed`, () => write(store, content, segmentBytes));
    // Back to what it was, so that every step changes as much as it says.
    await write(store, first, segmentBytes);
  }
  await step("read whole", () => readWhole(store));
  await step("read one object of each type", () => readOne(store));
}

async function write(store: ObjectStore, content: Content, segmentBytes: number): Promise<void> {
  const parent = await openSeries(store, "bench").newest(call);
  const view = {
    fingerprint: "none",
    keys: mirrorKeys(),
    maxObjectBytes: Number.POSITIVE_INFINITY,
    render: () => undefined,
  };
  const shape = { series: "bench", view, capture: "bench", uploads: 8, segmentBytes };
  const writer = createSnapshotWriter({ store, parent, ...shape });
  for (const [type, objects] of content) {
    await writer.addType(type, inOrder(objects), () => ({ revision: "1", consistent: true }), call);
  }
  await writer.setApi("bench", async () => ({ discovery: "{}", openapi: {} }), call);
  await writer.commit({ ...RUN, startedAt: new Date(), finishedAt: new Date() }, call);
}

async function readWhole(store: ObjectStore): Promise<void> {
  const newest = await openSeries(store, "bench").newest(call);
  for await (const _ of newest?.objects(() => true, call) ?? []);
}

/** As somebody does who browses: the segment in which the object stands is read whole. */
async function readOne(store: ObjectStore): Promise<void> {
  const newest = await openSeries(store, "bench").newest(call);
  for (const { segments } of newest?.manifest.types ?? []) {
    const middle = segments[Math.floor(segments.length / 2)];
    if (middle !== undefined) await newest?.segmentObjects(middle, call);
  }
}

type Content = ReadonlyMap<ResourceType, readonly CapturedObject[]>;

/** @param every one of so many objects carries the mark; 0: none */
function contentOf(every: number, mark: number): Content {
  const types = new Map<string, { readonly type: ResourceType; readonly objects: CapturedObject[] }>();
  for (const [index, one] of objectsOf("prod", "none", total).entries()) {
    const group = String(one.apiVersion).includes("/") ? String(one.apiVersion).replace(/\/.*/, "") : "";
    const kind = String(one.kind);
    const isMarked = every > 0 && (index + Math.floor(index / every)) % every === 0;
    const known = types.get(kind) ?? { type: typeOf(group, kind), objects: [] };
    known.objects.push(captured(one, index, isMarked ? mark : 0));
    types.set(kind, known);
  }
  const sorted = [...types.values()].sort((left, right) => compareTypes(left.type, right.type));
  return new Map(sorted.map(({ type, objects }) => [type, objects]));
}

function typeOf(group: string, kind: string): ResourceType {
  return { group, version: "v1", resource: `${kind.toLowerCase()}s`, kind, namespaced: true, verbs: ["list"] };
}

function captured(object: JsonObject, index: number, mark: number): CapturedObject {
  const plain = object.metadata as JsonObject;
  const uid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  const resourceVersion = String(1_000_000 * (mark + 1) + index);
  const annotations = mark === 0 ? {} : { annotations: { "example.com/mark": `${mark}` } };
  const line = JSON.stringify({ ...object, metadata: { ...plain, uid, resourceVersion, ...annotations } });
  const namespace = plain.namespace === undefined ? undefined : String(plain.namespace);
  return { key: objectKey(namespace, String(plain.name)), uid, resourceVersion, line: Buffer.from(line) };
}

async function* inOrder(objects: readonly CapturedObject[]): AsyncIterable<CapturedObject> {
  yield* [...objects].sort((left, right) => compareUtf8(left.key, right.key));
}

interface Traffic {
  puts: number;
  putBytes: number;
  gets: number;
  readBytes: number;
}

function counted(store: ObjectStore, traffic: Traffic): ObjectStore {
  return {
    ...store,
    async put(key, body, options, asked) {
      traffic.puts += 1;
      traffic.putBytes += body.length;
      return store.put(key, body, options, asked);
    },
    async get(key, asked) {
      const found = await store.get(key, asked);
      traffic.gets += 1;
      traffic.readBytes += found?.sizeBytes ?? 0;
      return found;
    },
  };
}

function openBucket({ endpoint, region, accessKey, secretKey }: MinioServer, bucket: string): Promise<ObjectStore> {
  const keys = { accessKey: new Secret(accessKey), secretKey: new Secret(secretKey) };
  const tries = { autoCreateBucket: false, retry: { attempts: 3, delayMs: 100 } };
  return openStore({ type: "s3", endpoint, region, bucket, ...keys, ...tries });
}
