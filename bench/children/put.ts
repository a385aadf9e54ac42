// The limit `put`: bodies that a bucket holds, put again into another one by a bare loop over our own client.
import { Secret, silentLog } from "@kubeferry/model";
import { type ObjectInfo, type ObjectStore, openStore } from "@kubeferry/object-store";
import { argument, report } from "../frame/child.ts";
import type { PutRequest } from "../limits/put.ts";

const { server, from, to, concurrency, snapshots, modifiedFromMs, limit } = argument<PutRequest>();
const call = { signal: new AbortController().signal, log: silentLog };
const [source, target] = await Promise.all([bucket(from), bucket(to)]);
const bodies = new Map<string, Buffer>();
await inLanes(await wantedKeys(), async (key) => bodies.set(key, await bodyOf(key)));

await report(async () => {
  await inLanes(bodies, ([key, bytes]) => target.put(key, bytes, { contentType: "application/yaml" }, call));
  const bytes = [...bodies.values()].reduce((sum, body) => sum + body.length, 0);
  return { puts: bodies.size, bytes, concurrency };
});

async function inLanes<Item>(items: Iterable<Item>, work: (item: Item) => Promise<unknown>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

async function wantedKeys(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const entry of source.list("", {}, call)) {
    if (entry.type === "object" && isWanted(entry.object)) keys.push(entry.object.key);
  }
  return keys.slice(0, limit);
}

function isWanted({ key, modifiedAt }: ObjectInfo): boolean {
  if (modifiedAt.getTime() < modifiedFromMs) return false;
  return snapshots || !/\/_(?:snapshots\/|(?:mirror|lease)\.json$)/.test(key);
}

async function bodyOf(key: string): Promise<Buffer> {
  const found = await source.get(key, call);
  if (found === undefined) throw new Error(`${key} is gone`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function bucket(name: string): Promise<ObjectStore> {
  const { accessKey, secretKey, endpoint, region } = server;
  return openStore({
    type: "s3",
    endpoint,
    region,
    bucket: name,
    accessKey: new Secret(accessKey),
    secretKey: new Secret(secretKey),
    autoCreateBucket: false,
    maxConnections: concurrency,
    retry: { attempts: 1, delayMs: 1 },
  });
}
