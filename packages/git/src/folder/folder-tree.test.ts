import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type FolderTree, openFolderTree } from "../index.ts";
import { quietCall, runGit, temporaryFolder } from "../testing/local-repository.ts";

const call = quietCall();
const opened: FolderTree[] = [];

afterEach(async () => {
  for (const tree of opened.splice(0)) await tree.close();
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder("directory");
  for (const [path, content] of Object.entries(files)) write(folder, path, content);
  return folder;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function contentOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => lstatSync(join(folder, path)).isFile() && !path.startsWith(".git/"));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

async function open(folder: string, roots: readonly string[] = ["namespaces", "argocd"]): Promise<FolderTree> {
  const tree = await openFolderTree({ folder, roots }, call);
  opened.push(tree);
  return tree;
}

describe("a folder instead of a repository", () => {
  it("is compared and shown like a clone, and not touched before it is published", async () => {
    const before = { "README.md": "mine\n", "namespaces/shop/a.yaml": "a: 1\n", "namespaces/shop/old.yaml": "old\n" };
    const folder = folderWith(before);
    const tree = await open(folder);
    expect((await tree.listFiles(tree.baseCommit, "", call)).map(({ path }) => path)).toEqual([
      "namespaces/shop/a.yaml",
      "namespaces/shop/old.yaml",
    ]);
    expect((await tree.readFile(tree.baseCommit, "namespaces/shop/a.yaml", call))?.toString()).toBe("a: 1\n");
    await tree.writeFile("namespaces/shop/a.yaml", "a: 2\n");
    await tree.writeFile("argocd/project.yaml", "p\n");
    await tree.removeFile("namespaces/shop/old.yaml");
    const changes = {
      added: ["argocd/project.yaml"],
      modified: ["namespaces/shop/a.yaml"],
      removed: ["namespaces/shop/old.yaml"],
    };
    expect(await tree.changesAgainst(tree.baseCommit, ["namespaces", "argocd"], call)).toEqual(changes);
    expect(await tree.diff(["namespaces/shop/a.yaml"], call)).toContain("-a: 1\n+a: 2\n");
    expect(contentOf(folder)).toEqual(before);

    expect(await tree.publish(call)).toEqual(changes);
    expect(contentOf(folder)).toEqual({
      "README.md": "mine\n",
      "argocd/project.yaml": "p\n",
      "namespaces/shop/a.yaml": "a: 2\n",
    });
    expect(await tree.publish(call)).toEqual({ added: [], modified: [], removed: [] });
  });

  it("is listed in git's order, as a clone is", async () => {
    const names = ["a.yaml", "a/b", "a0", "b/ü", "b/z", "b0", "B"].map((name) => `namespaces/${name}`);
    const folder = folderWith(Object.fromEntries(names.map((name) => [name, name])));
    const tree = await open(folder);
    runGit(folder, "init", "--quiet");
    runGit(folder, "add", "--all");
    const inGit = runGit(folder, "-c", "core.quotePath=false", "ls-files").split("\n");
    expect((await tree.listFiles(tree.baseCommit, "namespaces/", call)).map(({ path }) => path)).toEqual(inGit);
    expect((await tree.listFiles(tree.baseCommit, "namespaces/b", call)).map(({ path }) => path)).toEqual([
      "namespaces/b/z",
      "namespaces/b/ü",
    ]);
  });

  it("that does not exist is empty, and made when something is published", async () => {
    const folder = join(temporaryFolder("directory"), "deep", "fleet");
    const tree = await open(folder);
    expect(await tree.listFiles(tree.baseCommit, "", call)).toEqual([]);
    expect(await tree.publish(call)).toEqual({ added: [], modified: [], removed: [] });
    expect(existsSync(folder)).toBe(false);
    await tree.writeFile("namespaces/a.yaml", "a\n");
    await tree.publish(call);
    expect(contentOf(folder)).toEqual({ "namespaces/a.yaml": "a\n" });
  });

  it("within somebody's git repository changes neither index nor commits", async () => {
    const folder = folderWith({ "namespaces/a.yaml": "a\n", "staged.txt": "s\n" });
    runGit(folder, "init", "--quiet");
    runGit(folder, "add", "--all");
    const index = readFileSync(join(folder, ".git", "index"));
    const tree = await open(folder);
    await tree.writeFile("namespaces/b.yaml", "b\n");
    await tree.publish(call);
    expect(readFileSync(join(folder, ".git", "index"))).toEqual(index);
    expect(readdirSync(join(folder, ".git", "objects")).length).toBeLessThan(6);
    expect(runGit(folder, "status", "--porcelain", "--untracked-files=all")).toContain("?? namespaces/b.yaml");
  });

  it("loses the folders that became empty, and keeps others and their files", async () => {
    const folder = folderWith({
      "namespaces/a/base/x.yaml": "x\n",
      "namespaces/b/mine.txt": "m\n",
      "namespaces/b/y.yaml": "y\n",
    });
    const tree = await open(folder);
    await tree.removeFile("namespaces/a/base/x.yaml");
    await tree.removeFile("namespaces/b/y.yaml");
    await tree.publish(call);
    expect(readdirSync(join(folder, "namespaces"))).toEqual(["b"]);
    expect(contentOf(folder)).toEqual({ "namespaces/b/mine.txt": "m\n" });
  });

  it("keeps each file's mode", async () => {
    const folder = folderWith({ "namespaces/a.sh": "1\n" });
    chmodSync(join(folder, "namespaces/a.sh"), 0o750);
    const tree = await open(folder);
    await tree.writeFile("namespaces/a.sh", "2\n");
    await tree.publish(call);
    expect(statSync(join(folder, "namespaces/a.sh")).mode & 0o777).toBe(0o750);
  });
});

describe("publishing into a folder", () => {
  it.each([
    ["was changed", (folder: string) => write(folder, "namespaces/b.yaml", "by a person\n")],
    ["is new", (folder: string) => write(folder, "namespaces/new.yaml", "by a person\n")],
    ["became a folder", (folder: string) => write(folder, "namespaces/new.yaml/x", "by a person\n")],
  ])("is a conflict when a file %s after it was read, and then changes nothing", async (_what, meddle) => {
    const folder = folderWith({ "namespaces/a.yaml": "a\n", "namespaces/b.yaml": "b\n" });
    const tree = await open(folder);
    await tree.writeFile("namespaces/a.yaml", "A\n");
    await tree.removeFile("namespaces/b.yaml");
    await tree.writeFile("namespaces/new.yaml", "ours\n");
    meddle(folder);
    const before = contentOf(folder);
    await expect(tree.publish(call)).rejects.toMatchObject({
      kind: "conflict",
      message: expect.stringMatching(/(b|new)\.yaml was changed after it was read; run again/),
    });
    expect(contentOf(folder)).toEqual(before);
  });

  it("leaves a file alone that somebody wrote as it is wanted", async () => {
    const folder = folderWith({ "namespaces/a.yaml": "a\n" });
    const tree = await open(folder);
    await tree.writeFile("namespaces/a.yaml", "A\n");
    write(folder, "namespaces/a.yaml", "A\n");
    expect(await tree.publish(call)).toEqual({ added: [], modified: [], removed: [] });
  });

  it("does not go through a link that was put in a folder's place", async () => {
    const outside = temporaryFolder("outside");
    const folder = folderWith({});
    const tree = await open(folder);
    await tree.writeFile("namespaces/shop/a.yaml", "a\n");
    symlinkSync(outside, join(folder, "namespaces"));
    await expect(tree.publish(call)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining('its folder "namespaces" is a symbolic link'),
    });
    expect(readdirSync(outside)).toEqual([]);
  });

  it("removes what a killed run left, once it is old", async () => {
    const left = (digit: string) => `.kubeferry-${digit.repeat(8)}-0000-0000-0000-${digit.repeat(12)}.tmp`;
    const folder = folderWith({ [`namespaces/${left("1")}`]: "old", [`namespaces/${left("2")}`]: "at work" });
    utimesSync(join(folder, "namespaces", left("1")), 0, 0);
    const tree = await open(folder);
    expect(await tree.listFiles(tree.baseCommit, "", call)).toEqual([]);
    await tree.writeFile("namespaces/a.yaml", "a\n");
    await tree.publish(call);
    expect(readdirSync(join(folder, "namespaces")).sort()).toEqual([left("2"), "a.yaml"]);
  });

  it("says what is in the way of the folder itself", async () => {
    const file = join(folderWith({ "a-file": "x\n" }), "a-file");
    const message = expect.stringContaining(`${file}/namespaces: something else is in the way`);
    await expect(open(file)).rejects.toMatchObject({ kind: "invalid", message });
  });
});

describe("reading a folder", () => {
  it("copies a link as a link, and follows none", async () => {
    const outside = temporaryFolder("outside");
    write(outside, "secret.yaml", "s\n");
    const folder = folderWith({ "namespaces/a.yaml": "a\n" });
    symlinkSync(outside, join(folder, "namespaces", "linked"));
    symlinkSync(join(outside, "secret.yaml"), join(folder, "namespaces", "b.yaml"));
    const tree = await open(folder);
    expect((await tree.listFiles(tree.baseCommit, "", call)).map(({ path, link }) => [path, link])).toEqual([
      ["namespaces/a.yaml", false],
      ["namespaces/b.yaml", true],
      ["namespaces/linked", true],
    ]);
    await tree.writeFile("namespaces/b.yaml", "ours\n");
    await tree.publish(call);
    expect(readFileSync(join(outside, "secret.yaml"), "utf8")).toBe("s\n");
    expect(lstatSync(join(folder, "namespaces", "b.yaml")).isSymbolicLink()).toBe(false);
  });

  it("refuses a root that is a link, and one below a link", async () => {
    const folder = folderWith({});
    symlinkSync(temporaryFolder("outside"), join(folder, "namespaces"));
    const message = expect.stringContaining("namespaces: invalid: it is a symbolic link");
    await expect(open(folder, ["namespaces"])).rejects.toMatchObject({ kind: "invalid", message });
    await expect(open(folder, ["namespaces/deep"])).rejects.toMatchObject({ kind: "invalid", message });
  });

  it("leaves a repository within it alone", async () => {
    const folder = folderWith({ "namespaces/other/.git": "gitdir: /elsewhere\n", "namespaces/other/a.yaml": "a\n" });
    const tree = await open(folder);
    expect(await tree.listFiles(tree.baseCommit, "", call)).toEqual([]);
    await expect(tree.writeFile("namespaces/other/a.yaml", "x")).rejects.toThrow(/submodule/);
  });

  it("leaves nothing on disk when it is closed, or could not be opened", async () => {
    const parentFolder = temporaryFolder("parent");
    const tree = await openFolderTree({ folder: folderWith({}), roots: ["namespaces"], parentFolder }, call);
    await tree.close();
    await tree.close();
    const file = join(folderWith({ namespaces: "a file\n" }));
    await expect(openFolderTree({ folder: file, roots: ["namespaces"], parentFolder }, call)).rejects.toThrow(
      /not a folder/,
    );
    expect(readdirSync(parentFolder)).toEqual([]);
  });
});
