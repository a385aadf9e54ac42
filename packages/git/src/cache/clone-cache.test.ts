import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openWorkTree, type WorkTree } from "../index.ts";
import {
  growMain,
  type LocalRepository,
  localRepository,
  quietCall,
  temporaryFolder,
} from "../testing/local-repository.ts";

const call = quietCall();
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const FILES = { "namespaces/a.yaml": "a: 1\n", "namespaces/b.yaml": "b: 1\n", "apps/large.bin": "x".repeat(1_000) };

/** A repository whose server leaves out content that is not asked for. */
function repository(): LocalRepository {
  const made = localRepository(FILES);
  cleanups.push(() => made.remove());
  made.git("config", "uploadpack.allowFilter", "true");
  made.git("config", "uploadpack.allowAnySHA1InWant", "true");
  return made;
}

async function open(remote: LocalRepository, cacheFolder?: string): Promise<WorkTree> {
  const kept = cacheFolder === undefined ? {} : { cacheFolder };
  const tree = await openWorkTree({ url: remote.bare, base: "main", roots: ["namespaces"], ...kept }, call);
  cleanups.push(() => tree.close());
  return tree;
}

function entryOf(cacheFolder: string): string {
  const [name = "", ...more] = readdirSync(cacheFolder);
  expect([name, more]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), []]);
  return join(cacheFolder, name);
}

function packsIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith(".pack"));
}

/** Objects that the clone has, without those that it could fetch. */
async function packsOf(tree: WorkTree): Promise<readonly string[]> {
  return packsIn(join(await tree.checkOut(call), ".git", "objects", "pack"));
}

describe("a clone with roots", () => {
  it("has only these on disk, and commits on top of everything else", async () => {
    const remote = repository();
    const tree = await open(remote);
    expect(readdirSync(await tree.checkOut(call)).sort()).toEqual([".git", "namespaces"]);
    await tree.writeFile("namespaces/a.yaml", "a: 2\n");
    await tree.removeFile("namespaces/b.yaml");
    expect(await tree.changesAgainst(tree.baseCommit, ["namespaces"], call)).toEqual({
      added: [],
      modified: ["namespaces/a.yaml"],
      removed: ["namespaces/b.yaml"],
    });
    const commit = await tree.commit({ subject: "Update", body: "", trailers: {} }, ["namespaces"], call);
    await tree.push(commit ?? "", "kubeferry/main", undefined, call);
    expect(remote.git("diff", "--name-status", "main", "kubeferry/main")).toBe(
      "M\tnamespaces/a.yaml\nD\tnamespaces/b.yaml",
    );
  });

  it("reads other files when it is asked for them, and refuses to write them", async () => {
    const tree = await open(repository());
    expect((await tree.readFile(tree.baseCommit, "apps/large.bin", call))?.byteLength).toBe(1_000);
    await expect(tree.writeFile("apps/large.bin", "y")).rejects.toMatchObject({ kind: "invalid" });
    await expect(tree.removeFile("README.md")).rejects.toThrow(/it is not below namespaces/);
  });

  it("may have none: nothing is checked out", async () => {
    const tree = await openWorkTree({ url: repository().bare, base: "main", roots: [] }, call);
    cleanups.push(() => tree.close());
    expect(readdirSync(await tree.checkOut(call))).toEqual([".git"]);
    await tree.checkPush("kubeferry/main", call);
  });
});

describe("a kept clone", () => {
  it("saves fetching again what has not changed, and is private", async () => {
    const remote = repository();
    const cacheFolder = join(temporaryFolder("cache"), "made", "here");
    const first = await open(remote, cacheFolder);
    expect(statSync(cacheFolder).mode & 0o777).toBe(0o700);
    const before = packsIn(entryOf(cacheFolder));
    await open(remote, cacheFolder);
    expect(packsIn(entryOf(cacheFolder)).toSorted()).toEqual(before.toSorted());

    const newer = remote.commit("main", { "namespaces/a.yaml": "a: 2\n" });
    const third = await open(remote, cacheFolder);
    expect([first.baseCommit, third.baseCommit]).toEqual([expect.not.stringMatching(newer), newer]);
    expect(readFileSync(join(await third.checkOut(call), "namespaces/a.yaml"), "utf8")).toBe("a: 2\n");
    expect(packsIn(entryOf(cacheFolder)).filter((name) => !before.includes(name)).length).toBeGreaterThan(0);
    expect(await packsOf(third)).toEqual(expect.arrayContaining([...before]));
  });

  it("serves runs at once, none of which sees what another writes", async () => {
    const remote = repository();
    const cacheFolder = temporaryFolder("cache");
    chmodSync(cacheFolder, 0o700);
    await open(remote, cacheFolder);
    const trees = await Promise.all([open(remote, cacheFolder), open(remote, cacheFolder), open(remote, cacheFolder)]);
    await trees[0]?.writeFile("namespaces/a.yaml", "ours\n");
    for (const tree of trees.slice(1)) {
      expect(await tree.changesAgainst(tree.baseCommit, ["namespaces"], call)).toEqual({
        added: [],
        modified: [],
        removed: [],
      });
    }
    entryOf(cacheFolder);
  });

  it.each([
    ["a byte of a pack is flipped", (entry: string) => flipByte(join(entry, packsIn(entry)[0] ?? ""))],
    ["a pack is cut", (entry: string) => writeFileSync(join(entry, packsIn(entry)[0] ?? ""), "PACK")],
    ["the state is no JSON", (entry: string) => writeFileSync(join(entry, "clone.json"), "{")],
    [
      "the state names a pack elsewhere",
      (entry: string) => replaceInState(entry, /pack-[0-9a-f]+\.pack/, "../../pack"),
    ],
    ["the state names no packs", (entry: string) => replaceInState(entry, /"packs":\[[^\]]*\]/, '"packs":[]')],
    [
      "the state says that history is whole",
      (entry: string) => replaceInState(entry, /"shallow":\[[^\]]*\]/, '"shallow":[]'),
    ],
  ])("is thrown away and made anew when %s", async (_what, damage) => {
    const remote = repository();
    growMain(remote, 60);
    const cacheFolder = join(temporaryFolder("cache"), "c");
    const { baseCommit } = await open(remote, cacheFolder);
    damage(entryOf(cacheFolder));
    const tree = await open(remote, cacheFolder);
    expect(tree.baseCommit).toBe(baseCommit);
    expect(readFileSync(join(await tree.checkOut(call), "namespaces/a.yaml"), "utf8")).toBe("a: 1\n");
    expect((await tree.readFile(tree.baseCommit, "apps/large.bin", call))?.byteLength).toBe(1_000);
    const again = await open(remote, cacheFolder);
    expect(again.baseCommit).toBe(baseCommit);
  });

  it("brings nothing along but packs: no configuration, hook or alternate of another", async () => {
    const remote = repository();
    const cacheFolder = join(temporaryFolder("cache"), "c");
    await open(remote, cacheFolder);
    const entry = entryOf(cacheFolder);
    const ran = join(temporaryFolder("ran"), "it");
    mkdirSync(join(entry, "hooks"));
    writeFileSync(join(entry, "hooks", "post-checkout"), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
    writeFileSync(join(entry, "config"), `[core]\n\thooksPath = hooks\n\tfsmonitor = touch ${ran}\n`);
    writeFileSync(join(entry, "alternates"), "/nowhere\n");
    const tree = await open(remote, cacheFolder);
    const folder = await tree.checkOut(call);
    expect(readFileSync(join(folder, ".git", "config"), "utf8")).not.toContain(ran);
    expect(existsSync(join(folder, ".git", "objects", "info", "alternates"))).toBe(false);
    expect(existsSync(ran)).toBe(false);
    expect(readdirSync(entry).sort()).toEqual(["clone.json", ...packsIn(entry)].sort());
  });

  it("is not read through a link, and not kept in a folder of others", async () => {
    const remote = repository();
    const cacheFolder = join(temporaryFolder("cache"), "c");
    const outside = join(temporaryFolder("outside"), "o");
    await open(remote, outside);
    const name = entryOf(outside).slice(outside.length + 1);
    mkdirSync(cacheFolder, { mode: 0o700 });
    symlinkSync(join(outside, name), join(cacheFolder, name));
    await open(remote, cacheFolder);
    expect(readdirSync(join(outside, name)).length).toBeGreaterThan(0);
    expect(statSync(entryOf(cacheFolder)).ino).not.toBe(statSync(join(outside, name)).ino);

    const linked = join(temporaryFolder("linked"), "c");
    symlinkSync(cacheFolder, linked);
    await expect(open(remote, linked)).rejects.toThrow(/symbolic link/);
    chmodSync(cacheFolder, 0o755);
    await expect(open(remote, cacheFolder)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("use repository.cacheFolder: invalid"),
    });
  });

  it("of a killed run goes after a day", async () => {
    const cacheFolder = join(temporaryFolder("cache"), "c");
    const left = (digit: string) =>
      join(cacheFolder, `${"a".repeat(32)}.${digit.repeat(8)}-0000-0000-0000-000000000000`);
    for (const digit of ["1", "2"]) mkdirSync(left(digit), { recursive: true, mode: 0o700 });
    chmodSync(cacheFolder, 0o700);
    utimesSync(left("1"), 0, 0);
    await open(repository(), cacheFolder);
    expect([existsSync(left("1")), existsSync(left("2"))]).toEqual([false, true]);
  });
});

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.byteLength - 25;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}

function replaceInState(entry: string, what: RegExp, by: string): void {
  const path = join(entry, "clone.json");
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(what);
  writeFileSync(path, text.replace(what, by));
}
