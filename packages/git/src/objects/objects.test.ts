import { createHash } from "node:crypto";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openWorkTree, type WorkTree } from "../index.ts";
import { type LocalRepository, localRepository, quietCall, temporaryFolder } from "../testing/local-repository.ts";

const call = quietCall();
const MESSAGE = { subject: "Update", body: "", trailers: {} };
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function repository(files: Readonly<Record<string, string>>): LocalRepository {
  const made = localRepository(files);
  cleanups.push(() => made.remove());
  made.git("config", "uploadpack.allowFilter", "true");
  made.git("config", "uploadpack.allowAnySHA1InWant", "true");
  return made;
}

async function open(remote: LocalRepository, roots?: readonly string[]): Promise<WorkTree> {
  const limited = roots === undefined ? {} : { roots };
  const tree = await openWorkTree({ url: remote.bare, base: "main", ...limited }, call);
  cleanups.push(() => tree.close());
  return tree;
}

/** Puts a git before the real one that does this in the place of `git fast-import`. */
function insteadOfImport(script: string): void {
  const folder = temporaryFolder("bin");
  const place = join(folder, "git");
  const real = process.env.PATH ?? "";
  writeFileSync(place, `#!/bin/sh\nif [ "$1" = fast-import ]; then ${script}; fi\nPATH='${real}' exec git "$@"\n`);
  chmodSync(place, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${real}`);
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("contents of the base", () => {
  it("are here when a tree is open, and nothing is fetched for them", async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`n/${at}.yaml`, `file ${at % 200}\n`]));
    const remote = repository({ ...files, "elsewhere/large.bin": "x".repeat(1_000) });
    const tree = await open(remote, ["n"]);
    rmSync(remote.bare, { recursive: true });
    const listed = await tree.listFiles(tree.baseCommit, "n/", call);
    const digests = await tree.digests(listed, call);
    expect(listed.map(({ path, blob }) => [path, digests.get(blob)])).toEqual(
      listed.map(({ path }) => [path, sha256(files[path] ?? "")]),
    );
    expect((await tree.readFile(tree.baseCommit, "n/7.yaml", call))?.toString()).toBe("file 7\n");
    expect(await tree.readFile(tree.baseCommit, "n/none.yaml", call)).toBeUndefined();
  });

  it("go by in pieces: one that is larger than a pipe is digested and read", async () => {
    const large = "0123456789".repeat(500_000);
    const tree = await open(repository({ "large.txt": large, "small.txt": "s\n" }));
    const listed = await tree.listFiles(tree.baseCommit, "", call);
    expect([...(await tree.digests(listed, call)).values()]).toEqual([sha256(large), sha256("s\n")]);
    expect((await tree.readFile(tree.baseCommit, "large.txt", call))?.byteLength).toBe(5_000_000);
  });

  it("that are not here are an error and no empty answer, and what comes after is read", async () => {
    const tree = await open(repository({ "a.txt": "a\n" }));
    const failure = tree.digests([{ blob: "1".repeat(40) }], call);
    await expect(failure).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("missing") });
    expect((await tree.readFile(tree.baseCommit, "a.txt", call))?.toString()).toBe("a\n");
  });

  it("are not waited for once the call was aborted", async () => {
    const tree = await open(repository({ "large.txt": "x".repeat(5_000_000), "a.txt": "a\n" }));
    const controller = new AbortController();
    const reading = tree.readFile(tree.baseCommit, "large.txt", { ...call, signal: controller.signal });
    controller.abort(new Error("stopped by the test"));
    await expect(reading).rejects.toThrow("stopped by the test");
    expect((await tree.readFile(tree.baseCommit, "a.txt", call))?.toString()).toBe("a\n");
  });
});

describe("contents that are written", () => {
  it("are in the commit, be they more than git takes at once", async () => {
    const tree = await open(repository({ "a.txt": "a\n" }));
    const contents = Array.from({ length: 40 }, (_, at) => `${at}\n`.repeat(50_000));
    for (const [at, content] of contents.entries()) await tree.writeFile(`n/${at}`, content);
    const commit = (await tree.commit(MESSAGE, ["n"], call)) ?? "";
    for (const at of [0, 20, 39])
      expect((await tree.readFile(commit, `n/${at}`, call))?.toString() === contents[at]).toBe(true);
  });

  it("are the caller's again: what becomes of the buffer afterwards is not committed", async () => {
    const tree = await open(repository({ "a.txt": "a\n" }));
    const bytes = Buffer.from("as it was\n");
    await tree.writeFile("n/a", bytes);
    bytes.fill("x");
    const commit = (await tree.commit(MESSAGE, ["n"], call)) ?? "";
    expect((await tree.readFile(commit, "n/a", call))?.toString()).toBe("as it was\n");
  });

  it.each([
    ["at once", "exit 3"],
    ["after it took everything", "cat > /dev/null; echo 'fatal: no room' >&2; exit 3"],
  ])("end the commit, and every later one, when git fails %s", async (_what, script) => {
    const remote = repository({ "a.txt": "a\n" });
    insteadOfImport(script);
    const tree = await open(remote);
    const failed = { kind: "invalid", message: expect.stringContaining("keep what was written: invalid: git ended") };
    const write = async (place: string) => tree.writeFile(place, place.repeat(2_000_000)).catch(() => undefined);
    await write("n/a");
    await expect(tree.commit(MESSAGE, ["n"], call)).rejects.toMatchObject(failed);
    await write("n/b");
    await expect(tree.commit(MESSAGE, ["n"], call)).rejects.toMatchObject(failed);
    await expect(tree.changesAgainst(tree.baseCommit, [""], call)).rejects.toMatchObject(failed);
  });

  it("do not outlive a tree that is closed before they are committed", async () => {
    const remote = repository({ "a.txt": "a\n" });
    insteadOfImport("exec sleep 600");
    const tree = await open(remote);
    await tree.writeFile("n/a", "not in the base\n");
    await tree.close();
  });

  it("do not outlive it either where git takes no signal but the last", async () => {
    const remote = repository({ "a.txt": "a\n" });
    const deaf = join(temporaryFolder("deaf"), "now");
    insteadOfImport(`trap '' TERM INT; : > '${deaf}'; exec sleep 600`);
    const tree = await open(remote);
    await tree.writeFile("n/a", "not in the base\n");
    await vi.waitFor(() => expect(existsSync(deaf)).toBe(true), 5_000);
    await tree.close();
  }, 15_000);
});
