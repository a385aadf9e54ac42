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
  /** When everything was looked at; Unix milliseconds. */
  readonly at: number;
  /** What its sources held, by their ids. */
  readonly sources: Readonly<Record<string, RememberedSource>>;
  /** In the repository, each cluster's by itself. */
  readonly objects: number;
  readonly quiet: Quiet;
  /** What it reported, without its requests. */
  readonly report: GitOpsReport;
}

/** A snapshot by its number, and its content by `Source.content`. */
export interface RememberedSource {
  readonly sequence: number;
  readonly content: string;
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
      const run = await readKept(place);
      if (run === undefined || run.key !== key) return undefined;
      const ageMs = now() - run.at;
      return ageMs >= 0 && ageMs < TRUSTED_MS ? run : undefined;
    },
    async keep(run) {
      const beside = `${place}.${randomUUID()}`;
      try {
        await writeFile(beside, JSON.stringify({ format: FORMAT, run }), { flag: "wx", mode: 0o600 });
        await rename(beside, place);
      } finally {
        await rm(beside, { force: true });
      }
    },
  };
}

// Its key holds the version that wrote it, so that one of an equal key has the shape that is expected.
async function readKept(place: string): Promise<RememberedRun | undefined> {
  try {
    if (!(await lstat(place)).isFile()) return undefined;
    const kept = JSON.parse(await readFile(place, "utf8")) as { format?: unknown; run?: RememberedRun } | null;
    return kept?.format === FORMAT ? kept.run : undefined;
  } catch {
    return undefined; // not there, or damaged: the run looks at everything
  }
}
