import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytes, call, namesIn, textAt } from "../contract/open-store.contract.ts";
import { objectStoreContract } from "../store.contract.ts";
import { createFolderStore } from "./folder.ts";
import { openFolder } from "./testing/open-folder.ts";

objectStoreContract("a folder", openFolder);

describe("a folder store", () => {
  let folder: Awaited<ReturnType<typeof openFolder>>;
  beforeEach(async () => {
    folder = await openFolder();
  });
  afterEach(() => folder.close());

  it("keeps each object in a file at the path that is its key, readable by its owner alone", async () => {
    await folder.store.put("shop/deployments/web.yaml", bytes("kind: Deployment\n"), {}, call);
    const file = await stat(join(folder.path, "shop/deployments/web.yaml"));
    expect(file.size).toBe(17);
    expect((file.mode & 0o777).toString(8)).toBe("600");
    expect(((await stat(join(folder.path, "shop"))).mode & 0o777).toString(8)).toBe("700");
  });

  it("reads files that something else put there", async () => {
    await mkdir(join(folder.path, "by/hand"), { recursive: true });
    await writeFile(join(folder.path, "by/hand/file.txt"), "hello");
    expect(await textAt(folder.store, "by/hand/file.txt")).toBe("hello");
    expect(await namesIn(folder.store, "by/")).toEqual(["by/hand/file.txt"]);
  });

  it("leaves nothing but objects behind, and no empty folders", async () => {
    await folder.store.put("a/b/c/d", bytes("x"), {}, call);
    await folder.store.put("a/e", bytes("x"), {}, call);
    await folder.store.delete("a/b/c/d", call);
    expect(await readdir(join(folder.path, "a"))).toEqual(["e"]);
    await folder.store.delete("a/e", call);
    expect(await readdir(folder.path)).toEqual([".kubeferry-store"]);
    expect(await readdir(join(folder.path, ".kubeferry-store"))).toEqual(["lock"]);
  });

  it("puts an object where a killed process left empty folders", async () => {
    await mkdir(join(folder.path, "left/over/empty"), { recursive: true });
    expect(await namesIn(folder.store, "", { delimiter: "/" })).toEqual([]);
    await folder.store.put("left", bytes("x"), {}, call);
    await mkdir(join(folder.path, "right/over"), { recursive: true });
    await folder.store.put("right", bytes("x"), { condition: { ifAbsent: true } }, call);
    expect(await namesIn(folder.store, "")).toEqual(["left", "right"]);
  });

  it("keeps its temporary files out of every listing and every key", async () => {
    await folder.store.put("a", bytes("x"), {}, call);
    await writeFile(join(folder.path, ".kubeferry-store", `${randomUUID()}.part`), "half");
    expect(await namesIn(folder.store, "")).toEqual(["a"]);
    expect(await namesIn(folder.store, "", { delimiter: "/" })).toEqual(["a"]);
    await expect(folder.store.get(".kubeferry-store/lock", call)).rejects.toMatchObject({ kind: "invalid" });
    await expect(namesIn(folder.store, ".kubeferry-store/")).rejects.toMatchObject({ kind: "invalid" });
  });

  it("removes temporary files that are older than a day, and only those", async () => {
    await folder.store.put("a", bytes("x"), {}, call);
    const [old, young] = [
      join(folder.path, ".kubeferry-store/old.part"),
      join(folder.path, ".kubeferry-store/young.part"),
    ];
    await writeFile(old, "half");
    await writeFile(young, "half");
    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    await utimes(old, yesterday, yesterday);
    await folder.store.prepare(call);
    expect((await readdir(join(folder.path, ".kubeferry-store"))).toSorted()).toEqual(["young.part"]);
  });

  it("refuses symbolic links below it, wherever they lead", async () => {
    await folder.store.put("real/object", bytes("x"), {}, call);
    await symlink("/etc", join(folder.path, "out"));
    await symlink("/etc/hostname", join(folder.path, "real/file"));
    await symlink(join(folder.path, "real"), join(folder.path, "inside"));
    for (const key of ["out/hostname", "out/new/file", "real/file", "inside/object"]) {
      for (const request of [
        () => folder.store.get(key, call),
        () => folder.store.head(key, call),
        () => folder.store.put(key, bytes("x"), {}, call),
        () => folder.store.delete(key, call),
      ]) {
        if (key === "out/new/file" && !request.toString().includes("put")) continue;
        await expect(request(), `${key} ${request}`).rejects.toMatchObject({ name: "StorageError", kind: "invalid" });
      }
    }
    await expect(namesIn(folder.store, "")).rejects.toMatchObject({ kind: "invalid" });
    await expect(namesIn(folder.store, "out/")).rejects.toMatchObject({ kind: "invalid" });
    expect(await textAt(folder.store, "real/object")).toBe("x");
  });

  it("may itself be a symbolic link", async () => {
    await symlink(folder.path, `${folder.path}-link`);
    const linked = createFolderStore({ path: `${folder.path}-link`, autoCreate: false });
    await linked.put("a/b", bytes("x"), {}, call);
    expect(await namesIn(linked, "")).toEqual(["a/b"]);
  });

  it("never comes back empty when it goes away in the middle", async () => {
    for (const key of ["a/1", "b/1", "c/1"]) await folder.store.put(key, bytes("x"), {}, call);
    const listing = async (): Promise<void> => {
      for await (const _ of folder.store.list("", {}, call))
        await rename(folder.path, `${folder.path}-away`).catch(() => 0);
    };
    await expect(listing()).rejects.toMatchObject({ kind: "not-found" });
    await expect(folder.store.put("a/2", bytes("x"), {}, call)).rejects.toMatchObject({ kind: "not-found" });
    await expect(stat(folder.path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is not taken for the folder that is mounted in its place in the middle of a listing", async () => {
    for (const key of ["a/1", "b/1", "c/1"]) await folder.store.put(key, bytes("x"), {}, call);
    const seen: string[] = [];
    const listing = async (): Promise<void> => {
      for await (const entry of folder.store.list("", {}, call)) {
        if (seen.push(entry.type) > 1) continue;
        await rename(folder.path, `${folder.path}-away`);
        await mkdir(folder.path);
      }
    };
    await expect(listing()).rejects.toMatchObject({ kind: "unavailable" });
    expect(seen).toEqual(["object"]);
  });

  it("is made by prepare alone, and only when that is allowed", async () => {
    const path = join(folder.path, "..", "new", "store");
    await expect(createFolderStore({ path, autoCreate: false }).prepare(call)).rejects.toMatchObject({
      kind: "not-found",
    });
    await expect(createFolderStore({ path, autoCreate: true }).put("a", bytes("x"), {}, call)).rejects.toMatchObject({
      kind: "not-found",
    });
    await createFolderStore({ path, autoCreate: true }).prepare(call);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("700");
  });

  it("says so when its path is a file", async () => {
    const path = join(folder.path, "file");
    await writeFile(path, "x");
    const store = createFolderStore({ path, autoCreate: true });
    await expect(store.prepare(call)).rejects.toMatchObject({ kind: "invalid", next: "check store.path" });
    await expect(store.get("a", call)).rejects.toMatchObject({ kind: "not-found" });
    await expect(namesIn(store, "")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("takes no named pipe for an object, and does not wait for one", async () => {
    execFileSync("mkfifo", [join(folder.path, "pipe")]);
    expect(await folder.store.get("pipe", call)).toBeUndefined();
    expect(await namesIn(folder.store, "")).toEqual([]);
  });

  it("gives every version its own etag, also those written in the same millisecond", async () => {
    const etags = new Set<string>();
    for (let round = 0; round < 200; round++) {
      etags.add((await folder.store.put("same", bytes("same bytes"), {}, call)).etag);
    }
    expect(etags.size).toBe(200);
  });

  it("puts into folders that others are emptying", async () => {
    const churn = async (name: string): Promise<void> => {
      for (let round = 0; round < 40; round++) {
        await folder.store.put(`busy/folder/${name}`, bytes("x"), {}, call);
        await folder.store.delete(`busy/folder/${name}`, call);
      }
    };
    await Promise.all(["a", "b", "c", "d"].map(churn));
    expect(await namesIn(folder.store, "")).toEqual([]);
  });
});
