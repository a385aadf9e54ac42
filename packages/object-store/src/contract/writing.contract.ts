import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { StorageError } from "../storage-error.ts";
import type { ObjectStore, PutCondition } from "../store.ts";
import { bodyOf, bytes, call, type Differences, namesIn, type OpenStore, textAt } from "./open-store.contract.ts";

const WRITERS = 16;
const ROUNDS = 50;

/** What puts, gets and deletes promise. */
export function writingContract(open: () => OpenStore, differs: Differences): void {
  describe("writing and reading", () => {
    let store: ObjectStore;
    beforeAll(() => {
      store = open().store;
    });

    it.each([0, 1, 5_000_000, 64 * 1024 * 1024])("gives back a body of %i bytes", { timeout: 60_000 }, async (size) => {
      const body = randomBytes(size);
      const { etag } = await store.put(`sizes/${size}`, body, { contentType: "application/octet-stream" }, call);
      const object = await store.get(`sizes/${size}`, call);
      expect(object).toMatchObject({ key: `sizes/${size}`, sizeBytes: size, etag });
      expect((await bodyOf(object)).equals(body)).toBe(true);
      expect(await store.head(`sizes/${size}`, call)).toMatchObject({ key: `sizes/${size}`, sizeBytes: size, etag });
    });

    it("takes a part of a larger buffer as what it is", async () => {
      await store.put("part", bytes("<<inside>>").subarray(2, 8), {}, call);
      expect(await textAt(store, "part")).toBe("inside");
    });

    it("replaces an object, and its etag with it", async () => {
      const first = await store.put("replaced", bytes("one"), {}, call);
      const second = await store.put("replaced", bytes("two"), {}, call);
      expect(second.etag).not.toBe(first.etag);
      expect(await textAt(store, "replaced")).toBe("two");
    });

    it("reads one version to its end while another replaces it", async () => {
      const [old, young] = [randomBytes(5_000_000), randomBytes(4_000_000)];
      await store.put("versions", old, {}, call);
      const reading = await store.get("versions", call);
      await store.put("versions", young, {}, call);
      expect((await bodyOf(reading)).equals(old)).toBe(true);
      expect((await bodyOf(await store.get("versions", call))).equals(young)).toBe(true);
    });

    it("answers undefined for a key that is not there, and for the start of one that is", async () => {
      await store.put("deep/down/object", bytes("x"), {}, call);
      for (const key of ["nothing", "deep", "deep/down", "deep/down/object/below", "deep/dow"]) {
        expect(await store.get(key, call)).toBeUndefined();
        expect(await store.head(key, call)).toBeUndefined();
      }
    });

    it("deletes a key, and a key that is not there, without a word", async () => {
      await store.put("gone/soon", bytes("x"), {}, call);
      await store.delete("gone/soon", call);
      await store.delete("gone/soon", call);
      await store.delete("never/was", call);
      expect(await store.get("gone/soon", call)).toBeUndefined();
      expect(await namesIn(store, "", { delimiter: "/" })).not.toContain("gone/");
    });

    it("lets the body of a long object go unread", async () => {
      await store.put("unread", randomBytes(5_000_000), {}, call);
      for (let round = 0; round < 40; round++) {
        for await (const _ of (await store.get("unread", call))?.body ?? []) break;
      }
      expect((await bodyOf(await store.get("unread", call))).length).toBe(5_000_000);
    });

    it("refuses a key below an object, and an object where keys lie below", async ({ skip }) => {
      skip(differs.keyBelowKey !== undefined, differs.keyBelowKey);
      await store.put("file/here", bytes("x"), {}, call);
      await expect(store.put("file/here/below", bytes("y"), {}, call)).rejects.toMatchObject({ kind: "invalid" });
      await expect(store.put("file", bytes("y"), {}, call)).rejects.toMatchObject({ kind: "invalid" });
      await expect(store.put("file", bytes("y"), ifAbsent, call)).rejects.toMatchObject({ kind: "invalid" });
      await store.delete("file", call);
      expect(await namesIn(store, "file/")).toEqual(["file/here"]);
    });

    it.each(["", "/rooted", "a//b", "a/", "../up", "a/../../up", "a/./b", "nul\0", "half \uD800", "x".repeat(1_025)])(
      "refuses the key %j",
      async (key) => {
        for (const request of [
          () => store.put(key, bytes("x"), {}, call),
          () => store.get(key, call),
          () => store.head(key, call),
          () => store.delete(key, call),
        ]) {
          await expect(request()).rejects.toMatchObject({ name: "StorageError", kind: "invalid" });
        }
      },
    );

    it.each(["/", "a", "../", "a//"])("refuses the prefix %j", async (prefix) => {
      await expect(namesIn(store, prefix)).rejects.toMatchObject({ name: "StorageError", kind: "invalid" });
    });
  });

  describe("conditions", () => {
    let opened: OpenStore;
    let store: ObjectStore;
    beforeAll(() => {
      opened = open();
      store = opened.store;
    });

    it("creates with ifAbsent what is not there, and leaves alone what is", async () => {
      await store.put("once", bytes("first"), ifAbsent, call);
      await expect(store.put("once", bytes("second"), ifAbsent, call)).rejects.toMatchObject({ kind: "conflict" });
      await expect(store.put("once", bytes("first"), ifAbsent, call)).rejects.toMatchObject({ kind: "conflict" });
      expect(await textAt(store, "once")).toBe("first");
      await store.delete("once", call);
      await store.put("once", bytes("third"), ifAbsent, call);
      expect(await textAt(store, "once")).toBe("third");
    });

    it("replaces with ifMatch what is still the same, and nothing else", async () => {
      const { etag } = await store.put("lease", bytes("a"), {}, call);
      const next = await store.put("lease", bytes("b"), { condition: { ifMatch: etag } }, call);
      await expect(store.put("lease", bytes("c"), { condition: { ifMatch: etag } }, call)).rejects.toMatchObject({
        kind: "conflict",
      });
      expect(await textAt(store, "lease")).toBe("b");
      await store.delete("lease", call);
      await expect(store.put("lease", bytes("d"), { condition: { ifMatch: next.etag } }, call)).rejects.toMatchObject({
        kind: "conflict",
      });
      expect(await store.get("lease", call)).toBeUndefined();
    });

    it("takes for ifMatch the etag of put, head, get and list alike", async () => {
      await store.put("etags", bytes("0"), {}, call);
      const sources: ReadonlyArray<() => Promise<string | undefined>> = [
        async () => (await store.head("etags", call))?.etag,
        async () => (await store.get("etags", call))?.etag,
        async () => (await store.put("etags", bytes("again"), {}, call)).etag,
        () => listedEtag(store, "etags"),
      ];
      for (const [index, source] of sources.entries()) {
        const etag = await source();
        if (etag === undefined) throw new Error("the object is missing");
        await store.put("etags", bytes(`${index + 1}`), { condition: { ifMatch: etag } }, call);
      }
      expect(await textAt(store, "etags")).toBe("4");
    });

    it(`lets exactly one of ${WRITERS} writers create a key, ${ROUNDS} times`, async () => {
      const stores = Array.from({ length: WRITERS }, opened.again);
      for (let round = 0; round < ROUNDS; round++) {
        const key = `race/absent/${round}`;
        const winner = await race(stores, key, { ifAbsent: true });
        expect(await textAt(store, key)).toBe(winner);
      }
    });

    it(`lets exactly one of ${WRITERS} writers replace a version, ${ROUNDS} times`, async () => {
      const stores = Array.from({ length: WRITERS }, opened.again);
      let { etag } = await store.put("race/match", bytes("start"), {}, call);
      for (let round = 0; round < ROUNDS; round++) {
        const winner = await race(stores, "race/match", { ifMatch: etag });
        expect(await textAt(store, "race/match")).toBe(winner);
        etag = (await store.head("race/match", call))?.etag ?? "";
      }
    });
  });
}

const ifAbsent = { condition: { ifAbsent: true } } as const;

/** @returns the body of the only writer that did not lose */
async function race(stores: readonly ObjectStore[], key: string, condition: PutCondition): Promise<string> {
  const tries = stores.map(async (store, writer) => {
    // Bytes that nobody else writes, now or in another round: S3 servers make the etag from the bytes.
    const body = `writer ${writer} of ${key}, ${randomUUID()}`;
    try {
      await store.put(key, bytes(body), { condition }, call);
      return body;
    } catch (error) {
      if (error instanceof StorageError && error.kind === "conflict") return undefined;
      throw error;
    }
  });
  const won = (await Promise.all(tries)).filter((body) => body !== undefined);
  expect(won).toHaveLength(1);
  return won[0] ?? "";
}

async function listedEtag(store: ObjectStore, key: string): Promise<string | undefined> {
  for await (const entry of store.list("", {}, call)) {
    if (entry.type === "object" && entry.object.key === key) return entry.object.etag;
  }
  return undefined;
}
