import { describe, expect, it } from "vitest";
import { bytes, call, namesIn } from "../contract/open-store.contract.ts";
import { openFolder } from "../folder/testing/open-folder.ts";
import { objectStoreContract } from "../store.contract.ts";
import { observed, type StoreEvent } from "./observed.ts";

objectStoreContract("an observed folder", async () => {
  const folder = await openFolder();
  const wrap = (store: typeof folder.store) => observed(store, () => undefined);
  return { ...folder, store: wrap(folder.store), again: () => wrap(folder.again()), missing: wrap(folder.missing) };
});

describe("observed", () => {
  it("tells of every request before it starts and after it ended", async () => {
    const folder = await openFolder();
    const told: string[] = [];
    const store = observed(folder.store, ({ operation, key, phase, error }) => {
      told.push(`${phase} ${operation} ${key}${error instanceof Error ? `: ${error.name}` : ""}`);
    });
    await store.prepare(call);
    await store.put("a/b", bytes("x"), {}, call);
    await store.get("a/b", call);
    await store.head("a/c", call);
    await namesIn(store, "a/");
    await store.put("a/b", bytes("y"), { condition: { ifAbsent: true } }, call).catch(() => undefined);
    await store.delete("a/b", call);
    expect(told).toEqual([
      ...["before prepare ", "after prepare "],
      ...["before put a/b", "after put a/b"],
      ...["before get a/b", "after get a/b"],
      ...["before head a/c", "after head a/c"],
      ...["before list a/", "after list a/"],
      ...["before put a/b", "after put a/b: StorageError"],
      ...["before delete a/b", "after delete a/b"],
    ]);
    await folder.close();
  });

  it("tells of the end of a listing that is left early, and of one that fails", async () => {
    const folder = await openFolder();
    await folder.store.put("a", bytes("x"), {}, call);
    await folder.store.put("b", bytes("x"), {}, call);
    const events: StoreEvent[] = [];
    for await (const _ of observed(folder.store, (event) => events.push(event)).list("", {}, call)) break;
    expect(events.map(({ phase }) => phase)).toEqual(["before", "after"]);
    events.length = 0;
    await namesIn(
      observed(folder.missing, (event) => events.push(event)),
      "",
    ).catch(() => undefined);
    expect(events[1]).toMatchObject({ phase: "after", error: { kind: "not-found" } });
    await folder.close();
  });

  it("lets the hook end a request before it starts", async () => {
    const folder = await openFolder();
    const store = observed(folder.store, ({ operation }) => {
      if (operation === "put") throw new Error("stopped here");
    });
    await expect(store.put("a", bytes("x"), {}, call)).rejects.toThrow("stopped here");
    expect(await folder.store.head("a", call)).toBeUndefined();
    await folder.close();
  });
});
