import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { openWorkTree, type WorkTree } from "./index.ts";
import { localRepository, quietCall, runGit, temporaryFolder } from "./testing/local-repository.ts";

const call = quietCall();
const MESSAGE = { subject: "Update", body: "", trailers: {} };
const BASE = { "n/a": "0\n", "n/b/c": "0\n", "n/b/d/a": "1\n", "o/a": "2\n" };

/** A file that is written, or removed where the content is undefined. */
interface Step {
  readonly path: string;
  readonly content: string | undefined;
}

const name = fc.constantFrom("a", "b", "c", "d");
const path = fc
  .tuple(fc.constantFrom("n", "o"), fc.array(name, { minLength: 1, maxLength: 3 }))
  .map(([root, names]) => [root, ...names].join("/"));
// Few contents, so that files get back what they had, and share it.
const content = fc.constantFrom("0\n", "1\n", "", "\0\r\n", undefined);
const steps = fc.array(fc.record<Step>({ path, content }), { maxLength: 12 });

describe("any files that are written and removed", () => {
  it("make the tree that `git add --all` makes of the same files on disk, and the same ones are refused", {
    timeout: 120_000,
  }, async () => {
    const remote = localRepository(BASE);
    onTestFinished(() => remote.remove());
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 3 }), async (rounds) => {
        const tree = await openWorkTree({ url: remote.bare, base: "main" }, call);
        const disk = temporaryDisk(remote.bare);
        try {
          for (const round of rounds) {
            for (const step of round) expect(await taken(tree, step)).toBe(takenOnDisk(disk, step));
            const commit = (await tree.commit(MESSAGE, [""], call)) ?? tree.baseCommit;
            expect(await treeOf(tree, commit)).toEqual(treeOfDisk(disk));
          }
        } finally {
          await tree.close();
          rmSync(disk, { recursive: true });
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

/** @returns false where it was refused */
async function taken(tree: WorkTree, { path: place, content: bytes }: Step): Promise<boolean> {
  const done = bytes === undefined ? tree.removeFile(place) : tree.writeFile(place, Buffer.from(bytes, "latin1"));
  return done.then(
    () => true,
    () => false,
  );
}

function takenOnDisk(disk: string, { path: place, content: bytes }: Step): boolean {
  try {
    if (bytes === undefined) removeOnDisk(disk, place);
    else {
      mkdirSync(dirname(join(disk, place)), { recursive: true });
      writeFileSync(join(disk, place), bytes, "latin1");
    }
    return true;
  } catch {
    return false;
  }
}

function removeOnDisk(disk: string, place: string): void {
  try {
    if (lstatSync(join(disk, place)).isDirectory()) throw new Error("a folder");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  rmSync(join(disk, place));
  try {
    for (let folder = dirname(place); folder !== "."; folder = dirname(folder)) rmdirSync(join(disk, folder));
  } catch {
    // one that holds something stays, and so do those above it
  }
}

function temporaryDisk(bare: string): string {
  const disk = join(temporaryFolder("disk"), "clone");
  runGit(dirname(disk), "clone", "--quiet", bare, disk);
  return disk;
}

async function treeOf(tree: WorkTree, commit: string): Promise<readonly string[]> {
  return (await tree.listFiles(commit, "", call)).map(({ path: place, blob }) => `100644 ${blob} 0\t${place}`);
}

function treeOfDisk(disk: string): readonly string[] {
  runGit(disk, "-c", "core.autocrlf=false", "add", "--all", "--force");
  const listing = execFileSync("git", ["ls-files", "--stage", "-z"], { cwd: disk, encoding: "utf8" });
  return listing.split("\0").filter((line) => line !== "");
}
