import { randomUUID } from "node:crypto";
import type { Call } from "@kubeferry/model";
import { type ObjectStore, StorageError } from "@kubeferry/object-store";
import type { Config } from "@kubeferry/shared-config";
import { clusterRoot } from "@kubeferry/snapshot";
import { openConfiguredStore } from "../compose/connect.ts";
import { check, type Finding } from "./check.ts";

/** Leases and retention read the store's clock; a few seconds are ordinary. */
const TOLERATED_CLOCK_MS = 60_000;
const NEXT = "check store.endpoint, store.bucket and the keys";

/** Reach, put, conditional put, get and delete with a probe key, and the difference of the clocks. */
export async function checkStore(config: Config, call: Call): Promise<Finding[]> {
  const opened: { store?: ObjectStore } = {};
  const reach = await check("store", NEXT, async () => {
    const store = await openConfiguredStore(config);
    await store.prepare(call);
    opened.store = store;
    return store.keysFrom === undefined ? store.description : `${store.description}, keys from ${store.keysFrom}`;
  });
  if (opened.store === undefined) return [reach];
  return [reach, ...(await probe(opened.store, config, call))];
}

async function probe(store: ObjectStore, config: Config, call: Call): Promise<Finding[]> {
  const key = probeKey(config);
  const body = new TextEncoder().encode("written by kubeferry doctor; safe to delete\n");
  const findings = [
    await check("store: put", NEXT, async () => {
      await store.put(key, body, { condition: { ifAbsent: true } }, call);
      return "written";
    }),
    await check("store: conditional put", "use a store that honours If-None-Match on PUT", () =>
      conflicts(store, key, body, call),
    ),
    await check("store: get", NEXT, async () =>
      (await store.get(key, call)) === undefined ? missing(key) : "read back",
    ),
    await check("store: clock", "set the clocks by NTP", () => clock(store, key, call)),
  ];
  const removed = await check("store: delete", "allow s3:DeleteObject: the mirror needs it", () =>
    remove(store, key, config, call),
  );
  return [...findings, removed];
}

/** Without a mirror nothing but retention removes, and that only snapshots. */
async function remove(store: ObjectStore, key: string, { backup }: Config, call: Call): Promise<string> {
  try {
    await store.delete(key, call);
    return "deleted";
  } catch (error) {
    if (backup.mirror.enabled || !(error instanceof StorageError) || error.kind !== "denied") throw error;
    return `not allowed, and not needed without a mirror; ${key} stays`;
  }
}

/** Where a key that is limited to its cluster may write, and may remove what the mirror could have left there. */
function probeKey({ cluster: { domain, name }, layout, backup }: Config): string {
  const own = domain === undefined || name === undefined ? "" : clusterRoot(layout.root, { domain, name });
  const names = layout.key.split("/").findIndex((step) => step.startsWith("{"));
  const folder = layout.key.split("/").slice(0, names).join("/");
  return `${own}${folder === "" ? "" : `${folder}/`}_kubeferry-probe/${randomUUID()}.${backup.mirror.format}`;
}

/** A store that ignores the condition would let two runs commit the same sequence. */
async function conflicts(store: ObjectStore, key: string, body: Uint8Array, call: Call): Promise<string> {
  try {
    await store.put(key, body, { condition: { ifAbsent: true } }, call);
  } catch (error) {
    if (error instanceof StorageError && error.kind === "conflict") return "honoured";
    throw error;
  }
  throw new StorageError({
    kind: "invalid",
    who: "doctor",
    operation: `put ${key}`,
    problem: "a key that exists was written over",
  });
}

function missing(key: string): never {
  throw new StorageError({
    kind: "not-found",
    who: "doctor",
    operation: `get ${key}`,
    problem: "the key just written is not there",
  });
}

async function clock(store: ObjectStore, key: string, call: Call): Promise<string> {
  const info = await store.head(key, call);
  const differenceMs = info === undefined ? 0 : Math.abs(Date.now() - info.modifiedAt.getTime());
  const said = `differs from ours by ${(differenceMs / 1000).toFixed(1)} s`;
  if (differenceMs <= TOLERATED_CLOCK_MS) return said;
  throw new StorageError({ kind: "invalid", who: "doctor", operation: "compare clocks", problem: said });
}
