import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openWorkTree, type WorkTree } from "./index.ts";
import {
  growMain,
  type LocalRepository,
  localRepository,
  quietCall,
  runGit,
  temporaryFolder,
} from "./testing/local-repository.ts";

const MESSAGE = {
  subject: "Update from crc.testing/wrl62",
  body: "3 objects",
  trailers: { "Kubeferry-Snapshot": "42" },
};
const call = quietCall();
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function repository(files?: Readonly<Record<string, string>>, name?: string): LocalRepository {
  const made = localRepository(files, name);
  cleanups.push(() => made.remove());
  return made;
}

async function open(remote: LocalRepository, more: { url?: string; base?: string; parentFolder?: string } = {}) {
  const tree = await openWorkTree(
    { url: remote.bare, base: "main", now: () => new Date(1_700_000_000_000), ...more },
    call,
  );
  cleanups.push(() => tree.close());
  return tree;
}

async function commitOf(tree: WorkTree, prefixes: readonly string[] = ["namespaces"]): Promise<string> {
  const commit = await tree.commit(MESSAGE, prefixes, call);
  if (commit === undefined) throw new Error("nothing was committed");
  return commit;
}

describe("a work tree", () => {
  it("carries written and removed files to a new branch as one commit on top of the base", async () => {
    const remote = repository({ "README.md": "hello\n", "namespaces/shop/old.yaml": "old: 1\n" });
    const tree = await open(remote);
    await tree.writeFile("namespaces/shop/base/web.yaml", "kind: Deployment\n");
    await tree.removeFile("namespaces/shop/old.yaml");
    const commit = await commitOf(tree);
    await tree.push(commit, "kubeferry/main", undefined, call);

    expect(remote.git("log", "--format=%an <%ae>%n%cn%n%ct%n%B", "main..kubeferry/main")).toBe(
      "kubeferry <kubeferry@localhost>\nkubeferry\n1700000000\n" +
        "Update from crc.testing/wrl62\n\n3 objects\n\nKubeferry-Snapshot: 42",
    );
    expect(remote.git("diff", "--name-status", "main", "kubeferry/main")).toBe(
      "A\tnamespaces/shop/base/web.yaml\nD\tnamespaces/shop/old.yaml",
    );
    expect(remote.git("rev-parse", "kubeferry/main^")).toBe(tree.baseCommit);
  });

  it("makes no commit when nothing differs, and leaves out what lies outside the prefixes", async () => {
    const tree = await open(repository({ "namespaces/a.yaml": "a\n" }));
    expect(await tree.commit(MESSAGE, ["namespaces"], call)).toBeUndefined();
    await tree.writeFile("elsewhere/b.yaml", "b\n");
    expect(await tree.commit(MESSAGE, ["namespaces", "argocd"], call)).toBeUndefined();
    expect(await tree.commit(MESSAGE, [""], call)).toBeDefined();
    expect(await tree.commit(MESSAGE, ["namespaces"], call)).toBeUndefined();
  });

  it("commits byte for byte what was written, whatever the repository's attributes and ignore rules say", async () => {
    const remote = repository({ ".gitattributes": "* text=auto eol=crlf ident\n", ".gitignore": "*.yaml\n" });
    const tree = await open(remote);
    const bytes = Buffer.from("a: $Id: x$\r\nb: \0\xff\n", "latin1");
    await tree.writeFile("namespaces/odd.yaml", bytes);
    const commit = await commitOf(tree);
    expect(await tree.readFile(commit, "namespaces/odd.yaml", call)).toEqual(bytes);
  });

  it("starts each commit from the base, not from the commit before", async () => {
    const tree = await open(repository({ "namespaces/a.yaml": "a\n", "namespaces/b.yaml": "b\n" }));
    await tree.writeFile("namespaces/new/x.yaml", "1\n");
    await tree.removeFile("namespaces/a.yaml");
    const first = await commitOf(tree);
    await tree.removeFile("namespaces/new/x.yaml");
    await tree.writeFile("namespaces/new", "now a file\n");
    await tree.writeFile("namespaces/a.yaml", "a\n");
    const second = await commitOf(tree);
    expect((await tree.listFiles(first, "", call)).map(({ path }) => path)).toEqual([
      "namespaces/b.yaml",
      "namespaces/new/x.yaml",
    ]);
    expect((await tree.listFiles(second, "", call)).map(({ path }) => path)).toEqual([
      "namespaces/a.yaml",
      "namespaces/b.yaml",
      "namespaces/new",
    ]);
    expect(await tree.changesAgainst(first, [""], call)).toEqual({
      added: ["namespaces/a.yaml", "namespaces/new"],
      modified: [],
      removed: ["namespaces/new/x.yaml"],
    });
  });

  it("sees a file that was rewritten with the same size right after the clone", async () => {
    const tree = await open(repository({ "namespaces/a.yaml": "replicas: 1\n" }));
    await tree.writeFile("namespaces/a.yaml", "replicas: 2\n");
    const changes = await tree.changesAgainst(tree.baseCommit, ["namespaces"], call);
    expect(changes).toEqual({ added: [], modified: ["namespaces/a.yaml"], removed: [] });
  });

  it("tells what differs from any commit, under the prefixes only", async () => {
    const remote = repository({ "namespaces/a.yaml": "a\n", "namespaces/b.yaml": "b\n", "docs/x.md": "x\n" });
    remote.commit("kubeferry/main", { "namespaces/b.yaml": "B\n", "namespaces/ü c.yaml": "c\n" });
    const tree = await open(remote);
    const branch = await tree.remoteBranch("kubeferry/main", call);
    await tree.writeFile("namespaces/new.yaml", "n\n");
    await tree.removeFile("docs/x.md");
    expect(await tree.changesAgainst(branch?.commit ?? "", ["namespaces/"], call)).toEqual({
      added: ["namespaces/new.yaml"],
      modified: ["namespaces/b.yaml"],
      removed: ["namespaces/ü c.yaml"],
    });
  });

  it("shows what differs from the base as a unified diff, whatever the repository asks git to do with its files", async () => {
    const attributes = "*.yaml diff=odd -diff\n";
    const tree = await open(
      repository({ "namespaces/a.yaml": "x: 1\ny: 2\n", "b.yaml": "b\n", ".gitattributes": attributes }),
    );
    expect(await tree.diff([""], call)).toBe("");
    await tree.writeFile("namespaces/a.yaml", "x: 1\ny: 3\n");
    await tree.writeFile("b.yaml", "B\n");
    const diff = await tree.diff(["namespaces"], call);
    expect(diff).toContain("--- a/namespaces/a.yaml\n+++ b/namespaces/a.yaml\n@@ -1,2 +1,2 @@\n x: 1\n-y: 2\n+y: 3\n");
    expect(diff).not.toContain("b.yaml\n--- a/b.yaml");
  });

  it("reads files and lists them at a commit, and knows absent from empty", async () => {
    const tree = await open(repository({ "namespaces/a.yaml": "", "namespaces/b c.yaml": "b\n", "c.md": "c\n" }));
    expect(await tree.readFile(tree.baseCommit, "namespaces/a.yaml", call)).toEqual(Buffer.from(""));
    expect(await tree.readFile(tree.baseCommit, "namespaces/b c.yaml", call)).toEqual(Buffer.from("b\n"));
    expect(await tree.readFile(tree.baseCommit, "namespaces/z.yaml", call)).toBeUndefined();
    expect(await tree.readFile(tree.baseCommit, "namespaces", call)).toBeUndefined();
    expect(await tree.listFiles(tree.baseCommit, "namespaces/", call)).toEqual([
      { path: "namespaces/a.yaml", blob: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", link: false },
      { path: "namespaces/b c.yaml", blob: "61780798228d17af2d34fce4cfbdf35556832472", link: false },
    ]);
    expect(await tree.listFiles(tree.baseCommit, "nowhere", call)).toEqual([]);
    expect((await tree.listFiles(tree.baseCommit, "", call)).map(({ path }) => path)).toHaveLength(3);
  });

  it("takes a path full of characters that mean something in an address", async () => {
    const remote = repository({ "a.yaml": "a\n" }, "my fleet #1 100%25?.git");
    const tree = await open(remote);
    expect(readFileSync(join(await tree.checkOut(call), "a.yaml"), "utf8")).toBe("a\n");
    expect(
      (await open(remote, { url: `file://${encodeURI(remote.bare).replace("#", "%23").replace("?", "%3F")}` }))
        .baseCommit,
    ).toBe(tree.baseCommit);
  });
});

describe("the remote branch", () => {
  it("is undefined when it does not exist, and has no commits when it equals the base", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const tree = await open(remote);
    expect(await tree.remoteBranch("kubeferry/main", call)).toBeUndefined();
    remote.git("branch", "kubeferry/main", "main");
    expect(await tree.remoteBranch("kubeferry/main", call)).toEqual({
      commit: tree.baseCommit,
      commits: [],
      leftBaseAt: [tree.baseCommit],
    });
  });

  it("names whose commits are on it, newest first, with their trailers", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const tree = await open(remote);
    await tree.writeFile("namespaces/a.yaml", "1\n");
    const ours = await commitOf(tree);
    await tree.push(ours, "kubeferry/main", undefined, call);
    const theirs = remote.commit("kubeferry/main", { "namespaces/a.yaml": "2\n" }, "Fix\n\nNo trailer: here\nreally");
    expect(await tree.remoteBranch("kubeferry/main", call)).toEqual({
      commit: theirs,
      leftBaseAt: [tree.baseCommit],
      commits: [
        {
          id: theirs,
          authorEmail: "ada@example.com",
          committerEmail: "ada@example.com",
          authoredAt: expect.any(Number),
          committedAt: expect.any(Number),
          message: "Fix\n\nNo trailer: here\nreally",
          trailers: {},
        },
        {
          id: ours,
          authorEmail: "kubeferry@localhost",
          committerEmail: "kubeferry@localhost",
          authoredAt: 1_700_000_000,
          committedAt: 1_700_000_000,
          message: "Update from crc.testing/wrl62\n\n3 objects\n\nKubeferry-Snapshot: 42",
          trailers: { "Kubeferry-Snapshot": "42" },
        },
      ],
    });
  });

  it("is read with all the others at once, and one that is gone meanwhile is a conflict", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const shop = remote.commit("kubeferry/main--shop", { "b.yaml": "b\n" }, "shop");
    const team = remote.commit("kubeferry/main--team", { "c.yaml": "c\n" }, "team");
    const tree = await open(remote);
    const read = await tree.readBranches(["kubeferry/main--shop", "kubeferry/main--team"], call);
    expect([...read].map(([name, { commit, commits }]) => [name, commit, commits.map(({ id }) => id)])).toEqual([
      ["kubeferry/main--shop", shop, [shop]],
      ["kubeferry/main--team", team, [team]],
    ]);
    expect(await tree.readBranches([], call)).toEqual(new Map());
    const gone = tree.readBranches(["kubeferry/main--shop", "kubeferry/main--gone"], call);
    await expect(gone).rejects.toMatchObject({ kind: "conflict", problem: expect.stringContaining("main--gone") });
  });

  it("is compared with a base that went on by more commits than were cloned", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const ours = remote.commit("kubeferry/main", { "b.yaml": "b\n" }, "ours");
    growMain(remote, 300);
    const tree = await open(remote);
    const branch = await tree.remoteBranch("kubeferry/main", call);
    expect(branch?.commits.map(({ id }) => id)).toEqual([ours]);
  });

  it("that shares no history with the base holds all of its commits", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const tree = remote.git("write-tree");
    const alone = runGit(remote.bare, "commit-tree", tree, "-m", "alone");
    remote.git("update-ref", "refs/heads/kubeferry/main", alone);
    const branch = await (await open(remote)).remoteBranch("kubeferry/main", call);
    expect(branch?.commits.map(({ id }) => id)).toEqual([alone]);
  });
});

describe("a push", () => {
  it("that lost a race is a conflict, and the other's commit stays", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const tree = await open(remote);
    await tree.writeFile("namespaces/a.yaml", "1\n");
    const commit = await commitOf(tree);
    const theirs = remote.commit("kubeferry/main", { "x.yaml": "x\n" });
    await expect(tree.push(commit, "kubeferry/main", undefined, call)).rejects.toMatchObject({ kind: "conflict" });
    await expect(tree.push(commit, "kubeferry/main", tree.baseCommit, call)).rejects.toMatchObject({
      kind: "conflict",
    });
    expect(remote.git("rev-parse", "kubeferry/main")).toBe(theirs);
    await tree.push(commit, "kubeferry/main", theirs, call);
    expect(remote.git("rev-parse", "kubeferry/main")).toBe(commit);
  });

  it("refused by a hook of the server names the hook's words", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const hook = join(remote.bare, "hooks", "pre-receive");
    runGit(remote.bare, "config", "core.hooksPath", join(remote.bare, "hooks"));
    writeFileSync(hook, "#!/bin/sh\necho 'rule 7: nobody pushes on Fridays' >&2\nexit 1\n");
    chmodSync(hook, 0o755);
    const tree = await open(remote);
    await tree.writeFile("a.yaml", "b\n");
    const commit = await commitOf(tree, [""]);
    await expect(tree.push(commit, "kubeferry/main", undefined, call)).rejects.toMatchObject({
      kind: "protected",
      message: expect.stringContaining("rule 7: nobody pushes on Fridays"),
    });
  });

  it("can be tried without changing anything", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    remote.commit("kubeferry/main", { "b.yaml": "b\n" });
    const before = remote.git("for-each-ref");
    await (await open(remote)).checkPush("kubeferry/main", call);
    expect(remote.git("for-each-ref")).toBe(before);
  });

  it("deletes a branch only where it was read, and is content when it is gone", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const theirs = remote.commit("kubeferry/main", { "b.yaml": "b\n" });
    const tree = await open(remote);
    const refusal = tree.deleteRemoteBranch("kubeferry/main", tree.baseCommit, call);
    await expect(refusal).rejects.toMatchObject({ kind: "conflict" });
    await tree.deleteRemoteBranch("kubeferry/main", theirs, call);
    expect(remote.git("branch", "--list", "kubeferry/main")).toBe("");
    await tree.deleteRemoteBranch("kubeferry/main", theirs, call);
  });
});

describe("writing", () => {
  it.each([
    "../out.yaml",
    "/etc/passwd",
    "a/../../b",
    "a//b",
    "./a",
    "",
    ".git/config",
    "a/.GIT/hooks/x",
    ".git./config",
    "GIT~1/config",
    "a\\..\\b",
    "a\nb",
  ])("refuses the path %j", async (path) => {
    const tree = await open(repository({ "a.yaml": "a\n" }));
    await expect(tree.writeFile(path, "x")).rejects.toMatchObject({ kind: "invalid" });
    await expect(tree.removeFile(path)).rejects.toMatchObject({ kind: "invalid" });
    await expect(tree.readFile(tree.baseCommit, path, call)).rejects.toMatchObject({ kind: "invalid" });
  });

  it("is refused within a submodule: git would leave the file out of the commit without a word", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const person = join(remote.folder, "with-submodule");
    runGit(remote.folder, "clone", "--quiet", remote.bare, person);
    const commit = runGit(person, "rev-parse", "HEAD");
    runGit(person, "update-index", "--add", "--cacheinfo", `160000,${commit},namespaces/shop`);
    runGit(person, "commit", "--quiet", "--message", "A submodule");
    runGit(person, "push", "--quiet", "origin", "HEAD:main");
    const tree = await open(remote);
    await expect(tree.writeFile("namespaces/shop/base/a.yaml", "x")).rejects.toThrow(
      'use path "namespaces/shop/base/a.yaml": invalid: "namespaces/shop" is a submodule of the repository',
    );
    await expect(tree.removeFile("namespaces/shop")).rejects.toThrow(/submodule/);
    await tree.writeFile("namespaces/shop-two/a.yaml", "x");
  });

  it("does not go through a folder that the repository has as a link, and replaces a file that is one", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    const outside = temporaryFolder("outside");
    const person = join(remote.folder, "linker");
    runGit(remote.folder, "clone", "--quiet", remote.bare, person);
    symlinkSync(outside, join(person, "namespaces"));
    symlinkSync(join(outside, "target"), join(person, "file.yaml"));
    runGit(person, "add", "--all");
    runGit(person, "commit", "--quiet", "--message", "links");
    runGit(person, "push", "--quiet", "origin", "HEAD:main");

    const tree = await open(remote);
    await expect(tree.writeFile("namespaces/a.yaml", "x")).rejects.toThrow(/symbolic link/);
    await expect(tree.removeFile("namespaces/a.yaml")).rejects.toThrow(/symbolic link/);
    await tree.writeFile("file.yaml", "x\n");
    expect(readdirSync(outside)).toEqual([]);
    const commit = await commitOf(tree, [""]);
    expect(await tree.readFile(commit, "file.yaml", call)).toEqual(Buffer.from("x\n"));
    expect(await tree.listFiles(commit, "file.yaml", call)).toMatchObject([{ link: false }]);
  });

  it("removes folders that became empty, and no others", async () => {
    const tree = await open(repository({ "n/a/x.yaml": "x\n", "n/b/y.yaml": "y\n" }));
    await tree.removeFile("n/a/x.yaml");
    await tree.removeFile("n/a/never-was.yaml");
    expect((await tree.listFiles(await commitOf(tree, [""]), "", call)).map(({ path }) => path)).toEqual([
      "n/b/y.yaml",
    ]);
    await tree.writeFile("n/a", "a file where a folder was\n");
    await expect(tree.writeFile("n/b", "x\n")).rejects.toThrow(/something else is in the way/);
  });
});

describe("opening", () => {
  it("makes a folder for this user only, and closing leaves nothing", async () => {
    const parentFolder = temporaryFolder("parent");
    const tree = await open(repository({ "a.yaml": "a\n" }), { parentFolder });
    expect(statSync(await tree.checkOut(call)).mode & 0o777).toBe(0o700);
    await tree.close();
    await tree.close();
    expect(readdirSync(parentFolder)).toEqual([]);
  });

  it.each([
    ["an empty repository", undefined, "main", /the repository is empty.*push a first commit to "main"/],
    [
      "a missing base",
      { "a.yaml": "a\n" },
      "develop",
      /has no branch "develop"; set repository\.base to one that it has: "main"/,
    ],
  ])("explains %s and leaves nothing behind", async (_what, files, base, text) => {
    const parentFolder = temporaryFolder("parent");
    const failure = open(repository(files), { base, parentFolder });
    await expect(failure).rejects.toMatchObject({ kind: "not-found", message: expect.stringMatching(text) });
    expect(readdirSync(parentFolder)).toEqual([]);
  });

  it("explains a repository that is not there", async () => {
    const failure = openWorkTree({ url: "/nowhere/at/all.git", base: "main" }, call);
    await expect(failure).rejects.toMatchObject({ kind: "not-found" });
  });

  it("explains that git is not installed", async () => {
    const remote = repository({ "a.yaml": "a\n" });
    vi.stubEnv("PATH", temporaryFolder("nopath"));
    await expect(openWorkTree({ url: remote.bare, base: "main" }, call)).rejects.toMatchObject({
      kind: "missing-git",
      message: "git: look for git: missing-git: there is no git program on PATH; install git 2.32 or newer",
    });
  });

  it("ignores this machine's git configuration, variables and hooks", async () => {
    const home = temporaryFolder("home");
    runGit(home, "config", "--file", join(home, ".gitconfig"), "url./nowhere/.insteadOf", "file:///");
    vi.stubEnv("HOME", home);
    vi.stubEnv("GIT_DIR", "/nowhere");
    vi.stubEnv("GIT_AUTHOR_NAME", "Somebody");
    const remote = repository0({ "a.yaml": "a\n" });
    const tree = await open(remote);
    await tree.writeFile("b.yaml", "b\n");
    await tree.push(await commitOf(tree, [""]), "b", undefined, call);
    vi.unstubAllEnvs();
    expect(remote.git("log", "-1", "--format=%an", "b")).toBe("kubeferry");
  });

  it("stops with the signal's reason, and leaves nothing behind", async () => {
    const parentFolder = temporaryFolder("parent");
    const controller = new AbortController();
    const remote = repository({ "a.yaml": "a\n" });
    const options = { url: remote.bare, base: "main", parentFolder };
    const opening = openWorkTree(options, { ...call, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("stopped by the test")), 15);
    await expect(opening).rejects.toThrow("stopped by the test");
    expect(readdirSync(parentFolder)).toEqual([]);
    expect(existsSync(remote.bare)).toBe(true);
  });
});

/** As `repository`, made without the variables that a test has set. */
function repository0(files: Readonly<Record<string, string>>): LocalRepository {
  const { HOME = "", GIT_DIR = "", GIT_AUTHOR_NAME = "" } = process.env;
  vi.unstubAllEnvs();
  const made = repository(files);
  vi.stubEnv("HOME", HOME);
  vi.stubEnv("GIT_DIR", GIT_DIR);
  vi.stubEnv("GIT_AUTHOR_NAME", GIT_AUTHOR_NAME);
  return made;
}
