import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Call, silentLog } from "@kubeferry/model";
import { type ObjectStore, openStore } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { type Applying, applyEdits } from "./apply-edits.ts";

describe("applying edits to the mirror, told to stop", () => {
  it("finishes what is on its way, and begins nothing that waits for its place", async () => {
    const { applying, call, stop, arrived, open } = await held();
    const outcome = applyEdits(edits("a.yaml", "b.yaml", "c.yaml"), applying, call);
    await arrived;
    stop.abort();
    open();
    expect(await outcome).toBe("interrupted");
    expect(applying.counts).toEqual({ put: 1, deleted: 0 });
    expect(await keysIn(applying.store, call)).toEqual(["a.yaml"]);
  });

  it("leaves what hangs when its time is over", async () => {
    const { applying, call, stop, end, arrived } = await held();
    const outcome = applyEdits(edits("a.yaml", "b.yaml"), applying, call);
    await arrived;
    stop.abort();
    end.abort();
    expect(await outcome).toBe("interrupted");
    expect(applying.counts).toEqual({ put: 0, deleted: 0 });
  });

  /** One request at a time, to a store that holds each until it is opened. */
  async function held() {
    const [stop, end] = [new AbortController(), new AbortController()];
    const call: Call = { signal: stop.signal, deadline: end.signal, log: silentLog };
    const path = await mkdtemp(join(tmpdir(), "kubeferry-edits-"));
    const store = await openStore({ type: "folder", path, prefix: "" });
    await store.prepare({ ...call });
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const put: ObjectStore["put"] = async (key, body, options, during) => {
      arrived.resolve();
      const aborted = new Promise<never>((_, reject) =>
        during.signal.addEventListener("abort", () => reject(during.signal.reason)),
      );
      await Promise.race([gate.promise, aborted]);
      return store.put(key, body, options, during);
    };
    const applying: Applying = {
      store: { ...store, put },
      concurrency: 1,
      isOvertaken: async () => false,
      counts: { put: 0, deleted: 0 },
      failures: [],
    };
    return { applying, call, stop, end, arrived: arrived.promise, open: gate.resolve };
  }

  async function* edits(...keys: readonly string[]) {
    for (const key of keys) yield { key, file: Buffer.from(key) };
  }

  async function keysIn(store: ObjectStore, { log }: Call): Promise<string[]> {
    const keys: string[] = [];
    for await (const entry of store.list("", {}, { log, signal: new AbortController().signal }))
      if (entry.type === "object") keys.push(entry.object.key);
    return keys;
  }
});
