import { createHash, randomUUID } from "node:crypto";
import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCacheFolder } from "@kubeferry/git";
import type { GitOpsReport } from "@kubeferry/model";
import type { Quiet } from "@kubeferry/publish";
import type { GitOpsConfig } from "@kubeferry/shared-config";

/** A run that did nothing, as the next one finds it. */
export interface RememberedRun {
  /** Equal for runs that were given the same. */
  readonly key: string;
  /** The numbers of the snapshots that it read, by source. */
  readonly sequences: Readonly<Record<string, number>>;
  /** In the repository, each cluster's by itself. */
  readonly objects: number;
  readonly quiet: Quiet;
  /** What it reported, without its requests. */
  readonly report: GitOpsReport;
}

/** The last quiet run of a repository and branch, kept between processes. */
export interface RunMemory {
  /** @returns undefined where none of this key is kept, or it is too old to count */
  recall(key: string): Promise<RememberedRun | undefined>;
  /** Keeps a run in place of the last one. */
  keep(run: RememberedRun): Promise<void>;
}

/** What nobody thought of waits this long at most: then a run looks at everything. */
const TRUSTED_MS = 24 * 3_600_000;
const FORMAT = 1;

/**
 * Opens the memory of a repository's runs. Whoever can write to the folder could keep runs from looking, which is why it is
 * this user's alone.
 * @throws GitError "invalid" for a folder that others may enter
 */
export async function openRunMemory(
  folder: string,
  { url, base, branch }: Pick<GitOpsConfig["repository"], "url" | "base" | "branch">,
  now: () => number,
): Promise<RunMemory> {
  const root = await openCacheFolder(folder);
  const name = createHash("sha256")
    .update(JSON.stringify([url, base, branch]))
    .digest("hex")
    .slice(0, 32);
  const place = join(root, `run-${name}.json`);
  return {
    async recall(key) {
      const kept = await readKept(place);
      if (kept === undefined || kept.run.key !== key) return undefined;
      const ageMs = now() - kept.at;
      return ageMs >= 0 && ageMs < TRUSTED_MS ? kept.run : undefined;
    },
    async keep(run) {
      const beside = `${place}.${randomUUID()}`;
      try {
        const kept: Kept = { format: FORMAT, at: now(), run };
        await writeFile(beside, JSON.stringify(kept), { flag: "wx", mode: 0o600 });
        await rename(beside, place);
      } finally {
        await rm(beside, { force: true });
      }
    },
  };
}

interface Kept {
  readonly format: typeof FORMAT;
  /** Unix milliseconds. */
  readonly at: number;
  readonly run: RememberedRun;
}

// Its key holds the version that wrote it, so that one of an equal key has the shape that is expected.
async function readKept(place: string): Promise<Kept | undefined> {
  try {
    if (!(await lstat(place)).isFile()) return undefined;
    const kept = JSON.parse(await readFile(place, "utf8")) as Partial<Kept> | null;
    return kept?.format === FORMAT && kept.run !== undefined ? (kept as Kept) : undefined;
  } catch {
    return undefined; // not there, or damaged: the run looks at everything
  }
}
