import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { blobId, createBlobIds } from "./blob-id.ts";

it("names contents as git does, be they small, at the border, or large", () => {
  const idOf = createBlobIds();
  const sizes = [0, 1, 2_500, 65_525, 65_526, 65_536, 200_000];
  // Largest first, so that what is left of one would be seen in the next.
  for (const size of sizes.toReversed()) {
    const content = Buffer.alloc(size, `${size} ü\0`);
    const inGit = execFileSync("git", ["hash-object", "--stdin"], { input: content, encoding: "utf8" }).trim();
    expect([idOf(content), blobId(content)]).toEqual([inGit, inGit]);
  }
});
