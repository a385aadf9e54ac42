// What a suite and the processes it starts write beside their stores: snapshots, clones, gigabytes with large clusters.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Does work with a temporary folder of its own, which its children see too, and removes it with all that is left in it. */
export async function withTemporaryFolder<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tmpdir();
  const folder = await mkdtemp(join(before, "kubeferry-bench-"));
  process.env.TMPDIR = folder;
  try {
    return await work();
  } finally {
    process.env.TMPDIR = before;
    await rm(folder, { recursive: true, force: true });
  }
}
