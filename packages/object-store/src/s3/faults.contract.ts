import { randomBytes } from "node:crypto";
import type { S3Server } from "@kubeferry/testbed";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { bodyOf, bytes, call, namesIn, textAt } from "../contract/open-store.contract.ts";
import type { Fault } from "./testing/fault-proxy.ts";
import { type FaultyStores, faultyStores, first } from "./testing/faulty-stores.ts";

const ifAbsent = { condition: { ifAbsent: true } } as const;

/** What a store promises on a network that loses and cuts; run on every S3 server. */
export function faultsContract(name: string, start: () => Promise<S3Server>): void {
  describe(`${name} on a bad network`, () => {
    let faulty: FaultyStores;
    beforeAll(async () => {
      faulty = faultyStores(await start());
    });
    afterEach(() => faulty.close());

    describe("a put whose answer was lost", () => {
      it("counts as done when it had been stored: ifAbsent", async () => {
        const { store, direct, proxy } = await faulty.open(first({ type: "lose-answer" }));
        const { etag } = await store.put("commit", bytes("mine"), ifAbsent, call);
        expect(await direct.head("commit", call)).toMatchObject({ etag });
        expect(await textAt(direct, "commit")).toBe("mine");
        expect(proxy.seen.map(({ method }) => method)).toEqual(["PUT", "PUT", "HEAD"]);
      });

      it("counts as done when it had been stored: ifMatch", async () => {
        const { store, direct } = await faulty.open(first({ type: "lose-answer" }));
        const old = await direct.put("lease", bytes("old"), {}, call);
        const { etag } = await store.put("lease", bytes("new"), { condition: { ifMatch: old.etag } }, call);
        expect(await direct.head("lease", call)).toMatchObject({ etag });
      });

      it("is a conflict when another writer came first, also with the very same bytes", async () => {
        const { store, direct } = await faulty.open(first({ type: "drop" }));
        await direct.put("commit", bytes("same"), ifAbsent, call);
        await expect(store.put("commit", bytes("same"), ifAbsent, call)).rejects.toMatchObject({ kind: "conflict" });
      });

      it("is put again when nothing had been stored", async () => {
        const { store, direct } = await faulty.open(first({ type: "drop" }, { type: "drop" }));
        await store.put("commit", bytes("mine"), ifAbsent, call);
        expect(await textAt(direct, "commit")).toBe("mine");
      });

      it("stays unavailable when no try was answered", async () => {
        const lost: Fault = { type: "lose-answer" };
        const { store, proxy } = await faulty.open((request) => (request.method === "PUT" ? lost : undefined));
        await expect(store.put("key", bytes("x"), {}, call)).rejects.toMatchObject({ kind: "unavailable" });
        expect(proxy.seen).toHaveLength(3);
      });
    });

    describe("a connection that breaks", () => {
      it.each(["reset", "close"] as const)("in a long body is an error and not a short body (%s)", async (end) => {
        const { store, direct } = await faulty.open((request) =>
          request.method === "GET" ? { type: "cut", afterBytes: 2_000_000, end } : undefined,
        );
        await direct.put("long", randomBytes(5_000_000), {}, call);
        const object = await store.get("long", call);
        await expect(bodyOf(object)).rejects.toMatchObject({ name: "StorageError", kind: "unavailable" });
      });

      it.each(["reset", "close"] as const)("in a short body is read again as a whole (%s)", async (end) => {
        const { store, direct } = await faulty.open(first({ type: "cut", afterBytes: 3, end }));
        await direct.put("short", bytes("all of it"), {}, call);
        expect(await textAt(store, "short")).toBe("all of it");
      });

      it("in the middle of a listing's page is asked for again", async () => {
        const { store, direct } = await faulty.open(first({ type: "cut", afterBytes: 200, end: "close" }));
        await direct.put("a", bytes("x"), {}, call);
        await direct.put("b", bytes("x"), {}, call);
        expect(await namesIn(store, "")).toEqual(["a", "b"]);
      });

      it("because it was idle for too long costs neither a try nor a pause", async () => {
        const { store, proxy, pauses } = await faulty.open(first(undefined, { type: "drop" }), {
          retry: { attempts: 1, delayMs: 10 },
        });
        await store.put("one", bytes("x"), {}, call);
        await store.put("two", bytes("x"), {}, call);
        expect(proxy.seen).toHaveLength(3);
        expect(pauses).toEqual([]);
      });
    });

    describe("a put whose body is cut on the way", () => {
      it("stores nothing half, and is sent again", async () => {
        const { store, direct, proxy } = await faulty.open(first({ type: "cut-request", afterBytes: 100_000 }));
        const body = randomBytes(3_000_000);
        await store.put("long", body, ifAbsent, call);
        expect(proxy.seen.length).toBeGreaterThan(1);
        expect((await bodyOf(await direct.get("long", call))).equals(body)).toBe(true);
      });

      it("stores nothing at all when no try gets through", async () => {
        const { store, direct } = await faulty.open(({ method }) =>
          method === "PUT" ? { type: "cut-request", afterBytes: 100_000 } : undefined,
        );
        const put = store.put("long", randomBytes(3_000_000), {}, call);
        await expect(put).rejects.toMatchObject({ kind: "unavailable" });
        expect(await direct.head("long", call)).toBeUndefined();
      });
    });

    it("waits for slow answers, as long as bytes come within the timeout", async () => {
      const { store } = await faulty.open(() => ({ type: "delay", ms: 150 }), { requestTimeoutMs: 2_000 });
      await store.put("slow", bytes("body"), ifAbsent, call);
      expect(await textAt(store, "slow")).toBe("body");
      expect(await namesIn(store, "")).toEqual(["slow"]);
    });
  });
}
