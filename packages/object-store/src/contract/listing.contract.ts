import { compareUtf8 } from "@kubeferry/model";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { ListOptions, ObjectStore } from "../store.ts";
import { bytes, call, type Differences, namesIn, type OpenStore, putAll, textAt } from "./open-store.contract.ts";

/** Keys that file systems, URLs, XML or JavaScript's own order misread. */
const ODD_KEYS: readonly string[] = [
  "odd/ starts with a blank",
  "odd/a:b",
  "odd/%3A",
  "odd/%",
  "odd/~tilde",
  "odd/1+1=2 & 3",
  'odd/it\'s "quoted" <tag>',
  "odd/&amp;copy;&#39;",
  "odd/#?[]{}|^`!*(),;@$",
  "odd/1e3",
  "odd/0123",
  "odd/true",
  "odd/.hidden",
  "odd/ends with a dot.",
  "odd/ends with a blank ",
  "odd/back\\slash",
  "odd/composed \u00FC",
  "odd/decomposed u\u0308",
  "odd/\uE000 is before the next in UTF-8, behind it in UTF-16",
  "odd/\u{1F600}",
  `odd/${"long".repeat(60)}`,
];

const TREE = ["t/a-b/x", "t/a.b", "t/a/x", "t/a/y/z", "t/a0", "t/aa", "t/b/1", "t/b/2", "t2/x"];
const MANY = Array.from({ length: 1_050 }, (_, index) => `many/${String(index).padStart(5, "0")}`);

/** What a listing promises. */
export function listingContract(open: () => OpenStore, differs: Differences): void {
  describe("listing", () => {
    let store: ObjectStore;
    beforeAll(async () => {
      store = open().store;
      await putAll(store, [...MANY, ...TREE, ...ODD_KEYS]);
    });

    it("lists 1,050 keys over several pages in order, each once", async () => {
      expect(await namesIn(store, "many/")).toEqual(MANY);
      expect(await namesIn(store, "many/", { delimiter: "/" })).toEqual(MANY);
    });

    it("goes on after any key of any page", async () => {
      expect(await namesIn(store, "many/", { startAfter: "many/00999" })).toEqual(MANY.slice(1_000));
      expect(await namesIn(store, "many/", { startAfter: "many/01048x" })).toEqual(["many/01049"]);
      expect(await namesIn(store, "many/", { startAfter: "many/01049" })).toEqual([]);
      expect(await namesIn(store, "many/", { startAfter: "a" })).toEqual(MANY);
      expect(await namesIn(store, "many/", { startAfter: "n" })).toEqual([]);
    });

    it("orders by the bytes of whole keys: a-b/ and a.b come before a/", async () => {
      expect(await namesIn(store, "t/")).toEqual([
        "t/a-b/x",
        "t/a.b",
        "t/a/x",
        "t/a/y/z",
        "t/a0",
        "t/aa",
        "t/b/1",
        "t/b/2",
      ]);
    });

    it("folds what lies below the next slash, once, among the objects", async () => {
      expect(await namesIn(store, "t/", { delimiter: "/" })).toEqual([
        "t/a-b/",
        "t/a.b",
        "t/a/",
        "t/a0",
        "t/aa",
        "t/b/",
      ]);
      expect(await namesIn(store, "", { delimiter: "/" })).toEqual(["many/", "odd/", "t/", "t2/"]);
    });

    it("counts a folded prefix as after `startAfter` only when it is itself", async () => {
      expect(await namesIn(store, "t/", { delimiter: "/", startAfter: "t/a/x" })).toEqual(["t/a0", "t/aa", "t/b/"]);
      expect(await namesIn(store, "t/", { delimiter: "/", startAfter: "t/a/" })).toEqual(["t/a0", "t/aa", "t/b/"]);
      expect(await namesIn(store, "t/", { delimiter: "/", startAfter: "t/a.b" })).toEqual([
        "t/a/",
        "t/a0",
        "t/aa",
        "t/b/",
      ]);
    });

    it("keeps names that file systems, URLs, XML and UTF-16 misread", async () => {
      expect(await namesIn(store, "odd/")).toEqual(ODD_KEYS.toSorted(compareUtf8));
      for (const key of ODD_KEYS) expect(await textAt(store, key)).toBe(key);
    });

    it("lists names with characters that XML cannot carry", async ({ skip }) => {
      skip(differs.listedControlCharacters !== undefined, differs.listedControlCharacters);
      const keys = ["control/\u0001", "control/\t\r\n", "control/\u007F\u0085", "control/\uFFFE", "control/\uFFFD"];
      await putAll(store, keys);
      expect(await namesIn(store, "control/")).toEqual(keys.toSorted(compareUtf8));
    });

    it("yields nothing for a prefix that nothing lies under, also when it is the start of a name", async () => {
      expect(await namesIn(store, "absent/")).toEqual([]);
      expect(await namesIn(store, "t/aa/")).toEqual([]);
      expect(await namesIn(store, "man/")).toEqual([]);
    });

    it("refuses to start after half a character", async () => {
      const half = namesIn(store, "t/", { startAfter: "t/\uD83D" });
      await expect(half).rejects.toMatchObject({ name: "StorageError", kind: "invalid" });
    });

    it("says of each object what `head` says", async () => {
      for await (const entry of store.list("t/b/", {}, call)) {
        if (entry.type !== "object") throw new Error("no delimiter was asked for");
        const head = await store.head(entry.object.key, call);
        expect({ ...entry.object, modifiedAt: undefined }).toEqual({ ...head, modifiedAt: undefined });
        expect(Math.abs(entry.object.modifiedAt.getTime() - (head?.modifiedAt.getTime() ?? 0))).toBeLessThan(1_000);
      }
    });

    it("can be left early, often", async () => {
      for (let round = 0; round < 50; round++) {
        for await (const _ of store.list("many/", {}, call)) break;
      }
      await store.put("left", bytes("still usable"), {}, call);
      await store.delete("left", call);
    });

    it("answers every question as sorting the keys does", async () => {
      const keys = [...TREE, ...ODD_KEYS].toSorted(compareUtf8);
      const name = fc.constantFrom(
        ...keys,
        ...keys.map((key) => [...key].slice(0, -1).join("")),
        "t/",
        "t/a/",
        "odd/",
        "u",
      );
      const question = fc.record({
        prefix: fc.constantFrom("t/", "t/a/", "t/b/", "odd/", "t/a/y/", "none/"),
        startAfter: fc.option(name, { nil: undefined }),
        delimiter: fc.constantFrom("/" as const, undefined),
      });
      await fc.assert(
        fc.asyncProperty(question, async ({ prefix, startAfter, delimiter }) => {
          const options = { ...(startAfter && { startAfter }), ...(delimiter && { delimiter }) };
          expect(await namesIn(store, prefix, options)).toEqual(expectedNames(keys, prefix, options));
        }),
        { numRuns: 150 },
      );
    });
  });
}

function expectedNames(keys: readonly string[], prefix: string, { startAfter = "", delimiter }: ListOptions): string[] {
  const below = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const slash = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
      return slash === -1 ? key : key.slice(0, slash + 1);
    });
  return [...new Set(below)].filter((name) => compareUtf8(name, startAfter) > 0);
}
