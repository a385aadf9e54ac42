import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Call, silentLog } from "@kubeferry/model";
import { type ObjectStore, openStore, StorageError } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { createProcessMemory } from "./process-memory.ts";
import { createStoredMemory } from "./stored-memory.ts";
import { NO_NEWS, type SubjectMemory } from "./subject-memory.ts";

const KEY = "crc.testing/wrl62/_notifications.json";
const call: Call = { signal: new AbortController().signal, log: silentLog };
const bad: SubjectMemory = {
  failures: 2,
  since: "2026-03-01T02:00:00.000Z",
  escalated: [],
  told: { ops: [{ news: "0123456789abcdef", at: "2026-03-01T02:00:00.000Z" }] },
};

async function freshStore(): Promise<ObjectStore> {
  const store = await openStore({ type: "folder", path: await mkdtemp(join(tmpdir(), "kubeferry-memory-")) });
  await store.prepare(call);
  return store;
}

/** What another process has: the store, and nothing of its own. */
function processWith(store: ObjectStore) {
  return createStoredMemory({ open: async () => store, key: KEY, patienceMs: 5_000 }, createProcessMemory());
}

async function textIn(store: ObjectStore): Promise<string | undefined> {
  const found = await store.get(KEY, call);
  if (found === undefined) return undefined;
  return text(found.body);
}

describe("what was told, in the store", () => {
  it("is known to the next process, each subject by itself", async () => {
    const store = await freshStore();
    await processWith(store).write("backup a", bad, call);
    await processWith(store).write("drift a", { ...bad, failures: 0 }, call);
    expect(await processWith(store).read("backup a", call)).toEqual(bad);
    expect(await processWith(store).read("drift a", call)).toMatchObject({ failures: 0 });
    expect(await processWith(store).read("backup b", call)).toEqual(NO_NEWS);
  });

  it("is written only when it changes: good runs after good runs leave the store alone", async () => {
    const store = await freshStore();
    await processWith(store).write("backup a", NO_NEWS, call);
    expect(await textIn(store)).toBeUndefined();
  });

  it("loses nothing of a run that ends at the same time", async () => {
    const store = await freshStore();
    await Promise.all(["backup a", "drift a"].map((subject) => processWith(store).write(subject, bad, call)));
    expect(await processWith(store).read("backup a", call)).toEqual(bad);
    expect(await processWith(store).read("drift a", call)).toEqual(bad);
  });

  it.each(["not json", '{"format":2,"subjects":{}}', '{"format":1,"subjects":{"backup a":{"failures":-1}}}'])(
    "that is not ours is not believed, and stays as it is: %s",
    async (text) => {
      const store = await freshStore();
      await store.put(KEY, Buffer.from(text), {}, call);
      const memory = processWith(store);
      expect(await memory.read("backup a", call)).toEqual(NO_NEWS);
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
      await memory.write("backup a", bad, { ...call, log });
      expect(await textIn(store)).toBe(text);
      expect(warnings).toEqual([expect.stringContaining("no row of failures is counted")]);
    },
  );

  it("is the process's own where the store does not let it write", async () => {
    const store = await freshStore();
    const denied = new StorageError({ kind: "denied", who: "s3", operation: `put ${KEY}`, problem: "403" });
    const memory = processWith({ ...store, put: () => Promise.reject(denied) });
    await memory.write("gitops /fleet.git", bad, call);
    expect(await memory.read("gitops /fleet.git", call)).toEqual(bad);
  });

  it("is not waited for where the store does not answer", async () => {
    const store = await freshStore();
    const silent: ObjectStore = {
      ...store,
      get: (_key, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    };
    const memory = createStoredMemory({ open: async () => silent, key: KEY, patienceMs: 50 }, createProcessMemory());
    expect(await memory.read("backup a", call)).toEqual(NO_NEWS);
  });
});
