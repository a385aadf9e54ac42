import { describe, expect, it } from "vitest";
import { bytes, call, namesIn } from "../contract/open-store.contract.ts";
import { openFolder } from "../folder/testing/open-folder.ts";
import { objectStoreContract } from "../store.contract.ts";
import { prefixed } from "./prefixed.ts";

objectStoreContract("a folder below a prefix", async () => {
  const folder = await openFolder();
  await folder.store.put("prod-1/outside", bytes("x"), {}, call);
  await folder.store.put("prod0", bytes("x"), {}, call);
  const below = "prod/";
  return {
    ...folder,
    store: prefixed(folder.store, below),
    again: () => prefixed(folder.again(), below),
    missing: prefixed(folder.missing, below),
  };
});

describe("prefixed", () => {
  it("stores below the prefix, and shows nothing beside it", async () => {
    const folder = await openFolder();
    const below = prefixed(folder.store, "prod/eu/");
    await folder.store.put("prod/us/a", bytes("x"), {}, call);
    await below.put("a", bytes("x"), {}, call);
    expect(await namesIn(folder.store, "")).toEqual(["prod/eu/a", "prod/us/a"]);
    expect(await namesIn(below, "")).toEqual(["a"]);
    expect(below.description).toBe(`${folder.store.description}, below prod/eu/`);
    await folder.close();
  });

  it("is the store itself for an empty prefix, and refuses one that is no start of a key", async () => {
    const folder = await openFolder();
    expect(prefixed(folder.store, "")).toBe(folder.store);
    for (const prefix of ["prod", "/prod/", "../", "a//"]) {
      expect(() => prefixed(folder.store, prefix)).toThrow(expect.objectContaining({ kind: "invalid" }));
    }
    await folder.close();
  });
});
