import { silentLog } from "@kubeferry/model";
import { beforeAll, describe, expect, it } from "vitest";
import { StorageError } from "../storage-error.ts";
import type { ObjectStore } from "../store.ts";
import { bytes, call, type OpenStore } from "./open-store.contract.ts";

/** What a store promises when it cannot. */
export function failingContract(open: () => OpenStore): void {
  describe("failing", () => {
    let opened: OpenStore;
    beforeAll(() => {
      opened = open();
    });

    it("reports a missing bucket or folder as not-found from every operation, and says what to look at", async () => {
      for (const [name, request] of requestsTo(opened.missing, call)) {
        const error = await failureOf(request, name);
        expect(error, name).toMatchObject({ name: "StorageError", kind: "not-found" });
        expect(error, name).toHaveProperty("message", expect.stringMatching(/check store\.(bucket|path)/));
      }
    });

    it("says nothing secret in any message, cause or field of an error", async () => {
      for (const [name, request] of requestsTo(opened.missing, call)) {
        expectNoSecret(await failureOf(request, name), opened.secrets);
      }
      expectNoSecret(await failureOf(() => opened.store.get("../up", call), "get"), opened.secrets);
      expect(opened.secrets.filter((secret) => opened.store.description.includes(secret))).toEqual([]);
    });

    it("stops before it starts when the call is already over", async () => {
      const over = { signal: AbortSignal.abort(), log: silentLog };
      for (const [name, request] of requestsTo(opened.store, over)) {
        expect(await failureOf(request, name), name).toMatchObject({ name: "AbortError" });
      }
    });

    it("stops in the middle of a long put, and keeps nothing half", async () => {
      const stopping = new AbortController();
      const put = opened.store.put(
        "stopped",
        new Uint8Array(20_000_000),
        {},
        { signal: stopping.signal, log: silentLog },
      );
      stopping.abort();
      await expect(put).rejects.toMatchObject({ name: "AbortError" });
      expect((await opened.store.head("stopped", call))?.sizeBytes ?? 20_000_000).toBe(20_000_000);
    });

    it("stops in the middle of a long body", async () => {
      await opened.store.put("long", new Uint8Array(20_000_000), {}, call);
      const stopping = new AbortController();
      const object = await opened.store.get("long", { signal: stopping.signal, log: silentLog });
      const reading = async (): Promise<void> => {
        for await (const _ of object?.body ?? []) stopping.abort();
      };
      await expect(reading()).rejects.toMatchObject({ name: "AbortError" });
    });

    it("stops in the middle of a listing", async () => {
      for (const key of ["stops/1", "stops/2", "stops/3"]) await opened.store.put(key, bytes("x"), {}, call);
      const stopping = new AbortController();
      const listing = async (): Promise<void> => {
        const context = { signal: stopping.signal, log: silentLog };
        for await (const _ of opened.store.list("stops/", {}, context)) stopping.abort();
      };
      await expect(listing()).rejects.toMatchObject({ name: "AbortError" });
    });
  });
}

/** One request of each kind. */
export function requestsTo(store: ObjectStore, context: typeof call): ReadonlyArray<[string, () => Promise<unknown>]> {
  return [
    ["get", () => store.get("some/key", context)],
    ["head", () => store.head("some/key", context)],
    ["list", () => drain(store.list("", {}, context))],
    ["list a prefix", () => drain(store.list("some/", { delimiter: "/" }, context))],
    ["list after a key", () => drain(store.list("some/", { startAfter: "some/key" }, context))],
    ["list past the end", () => drain(store.list("some/", { startAfter: "z" }, context))],
    ["put", () => store.put("some/key", bytes("x"), {}, context)],
    ["put if absent", () => store.put("some/key", bytes("x"), { condition: { ifAbsent: true } }, context)],
    ["put if match", () => store.put("some/key", bytes("x"), { condition: { ifMatch: "no-etag" } }, context)],
    ["delete", () => store.delete("some/key", context)],
    ["prepare", () => store.prepare(context)],
  ];
}

async function drain(entries: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of entries);
}

/** What a request fails with. */
export async function failureOf(request: () => Promise<unknown>, name: string): Promise<unknown> {
  try {
    await request();
  } catch (error) {
    return error;
  }
  throw new Error(`${name} did not fail`);
}

/** Looks through an error, its fields and all its causes. */
export function expectNoSecret(error: unknown, secrets: readonly string[]): void {
  const told: unknown[] = [];
  for (let step = error; step instanceof Error; step = step.cause) told.push(step.message, step.stack, { ...step });
  const text = JSON.stringify(told);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(error).toBeInstanceOf(StorageError);
}
