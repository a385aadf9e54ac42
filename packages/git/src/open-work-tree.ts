import type { Call } from "@kubeferry/model";
import { cloneWithCache } from "./cache/clone-with-cache.ts";
import { type CommitAuthor, createClone } from "./clone.ts";
import { connect, type RemoteOptions } from "./connect.ts";
import { localEnvironment } from "./git-environment.ts";
import { checkBranch } from "./names.ts";
import { checkVersion, fetchClone, initialiseClone, type PreparedClone } from "./prepare-clone.ts";
import { makePrivatePlace, type PrivatePlace } from "./private-place.ts";
import { createQueue } from "./queue.ts";
import { parseRemoteUrl, type RemoteUrl } from "./remote-url.ts";
import type { Git } from "./run-git.ts";
import { checkPath } from "./safe-path.ts";
import { prepareSigner } from "./signing/prepare-signer.ts";
import type { CommitSigning, Signer } from "./signing/signer.ts";
import type { WorkTree } from "./work-tree.ts";

/** Which repository, and as whom. */
export interface WorkTreeOptions extends RemoteOptions {
  /** `https://`, `http://`, `ssh://`, `git@host:owner/name.git`, `file://` or a local path; without credentials. */
  readonly url: string;
  /** The branch that everything is built on; it must exist. */
  readonly base: string;
  /** Author and committer. Left out: kubeferry <kubeferry@localhost>. */
  readonly author?: CommitAuthor;
  /** Left out: commits are not signed, and equal input gives equal commit ids. */
  readonly signing?: CommitSigning;
  /** The top folders that are checked out, and the only ones that can be written: the rest of a large repository is not
   * even fetched. Left out: everything. */
  readonly roots?: readonly string[];
  /** A folder for this user alone in which what was fetched is kept for the next run; made when it is not there. No
   * credential gets into it. Left out: each run clones anew. */
  readonly cacheFolder?: string;
  /** Where the clone's folder is made; the system's folder for temporary files when left out. */
  readonly parentFolder?: string;
  /** The clock for commit dates. */
  readonly now?: () => Date;
}

const DEFAULT_AUTHOR: CommitAuthor = { name: "kubeferry", email: "kubeferry@localhost" };

/**
 * Clones the base branch (shallow, no other branch, no tags) into a folder of its own, which `close` removes; a failed
 * opening leaves nothing behind.
 * @throws GitError "missing-git" without git 2.32 or newer, or a program that SSH or signing needs; "invalid" for the
 *   address, and for a key that cannot be used; "not-found" for a repository or base branch that is not there;
 *   "denied"; "unavailable"
 */
export async function openWorkTree(options: WorkTreeOptions, call: Call): Promise<WorkTree> {
  const remote = parseRemoteUrl(options.url);
  checkBranch(options.base);
  if (remote.clearText && options.credentials !== undefined) {
    call.log.warn("token is sent unencrypted", { operation: "git_read", key: "repository.url", url: remote.url });
  }
  const place = await makePrivatePlace(options.parentFolder);
  try {
    return await openIn(place, options, remote, call);
  } catch (error) {
    await place.remove();
    throw error;
  }
}

async function openIn(place: PrivatePlace, options: WorkTreeOptions, remote: RemoteUrl, call: Call): Promise<WorkTree> {
  const git = await connect(place, options, remote, call);
  const { signing } = options;
  const signer = signing === undefined ? undefined : await openSigner(signing, place, call);
  try {
    const clone = await cloneInto(place.tree, git, options, remote, call);
    return workTreeOf(clone, { place, options, git, signer });
  } catch (error) {
    await signer?.close();
    throw error;
  }
}

async function cloneInto(
  folder: string,
  git: Git,
  options: WorkTreeOptions,
  remote: RemoteUrl,
  call: Call,
): Promise<PreparedClone> {
  const target = { folder, base: options.base, remote, roots: options.roots?.map(checkPath) };
  await checkVersion(git, call);
  if (options.cacheFolder !== undefined) return cloneWithCache(git, target, options.cacheFolder, call);
  await initialiseClone(git, target, call);
  return fetchClone(git, target, call);
}

async function openSigner(signing: CommitSigning, place: PrivatePlace, call: Call): Promise<Signer> {
  const settings = { transport: "file", caFile: undefined, proxy: undefined, ssh: {}, home: place.home } as const;
  const environment = localEnvironment(settings, process.env);
  return prepareSigner(signing, { folder: await place.folder("signing"), environment }, call);
}

interface Opened {
  readonly place: PrivatePlace;
  readonly options: WorkTreeOptions;
  readonly git: Git;
  readonly signer: Signer | undefined;
}

function workTreeOf(clone: PreparedClone, { place, options, git, signer }: Opened): WorkTree {
  return createClone({
    ...clone,
    git,
    oneAtATime: createQueue(),
    author: options.author ?? DEFAULT_AUTHOR,
    signer,
    now: options.now ?? (() => new Date()),
    remove: async () => {
      await signer?.close();
      await place.remove();
    },
  });
}
