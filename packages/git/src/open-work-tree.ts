import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Call, Secret } from "@kubeferry/model";
import { type CommitAuthor, createClone } from "./clone.ts";
import { type CredentialsSource, credentialsSource, type GitCredentials, secretTexts } from "./credentials.ts";
import { type GitSettings, localEnvironment, remoteEnvironment } from "./git-environment.ts";
import { checkBranch } from "./names.ts";
import { type PreparedClone, prepareClone } from "./prepare-clone.ts";
import { parseProxy } from "./proxy.ts";
import { parseRemoteUrl, type RemoteUrl } from "./remote-url.ts";
import { createGit, type Git } from "./run-git.ts";
import { prepareSigner } from "./signing/prepare-signer.ts";
import type { CommitSigning, Signer } from "./signing/signer.ts";
import { prepareSsh, type SshAccess } from "./ssh/ssh-access.ts";
import type { WorkTree } from "./work-tree.ts";

/** Which repository, and as whom. */
export interface WorkTreeOptions {
  /** `https://`, `http://`, `ssh://`, `git@host:owner/name.git`, `file://` or a local path; without credentials. */
  readonly url: string;
  /** The branch that everything is built on; it must exist. */
  readonly base: string;
  /** For HTTP and HTTPS; a function is asked before each command that may talk to the remote. */
  readonly credentials?: GitCredentials | CredentialsSource;
  /** For SSH. Left out: the agent's keys and the user's own, and the user's known hosts. */
  readonly ssh?: SshAccess;
  /** Author and committer. Left out: kubeferry <kubeferry@localhost>. */
  readonly author?: CommitAuthor;
  /** Left out: commits are not signed, and equal input gives equal commit ids. */
  readonly signing?: CommitSigning;
  /** PEM file of certificate authorities, used instead of the system's. */
  readonly caFile?: string;
  /** For HTTP and HTTPS, `http://[user:password@]host:port`, whatever the environment says of proxies. */
  readonly proxy?: Secret;
  /** Where the clone's folder is made; the system's folder for temporary files when left out. */
  readonly parentFolder?: string;
  /** The longest one git command may take; 10 minutes when left out. */
  readonly timeoutMs?: number;
  /** The clock for commit dates. */
  readonly now?: () => Date;
}

const DEFAULT_TIMEOUT_MS = 600_000;
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
  const place = await makePlace(resolve(options.parentFolder ?? tmpdir()));
  try {
    return await openIn(place, options, remote, call);
  } catch (error) {
    await removePlace(place);
    throw error;
  }
}

/** Folders of one work tree, all for this user only. */
interface Place {
  readonly root: string;
  /** Empty: what git and curl look for in a home is not there. */
  readonly home: string;
  /** Keys given as text, the script that answers ssh. */
  readonly ssh: string;
  readonly signing: string;
  /** The clone. */
  readonly tree: string;
}

async function makePlace(parent: string): Promise<Place> {
  const root = await mkdtemp(join(parent, "kubeferry-git-"));
  const at = (name: string) => join(root, name);
  const place = { root, home: at("home"), ssh: at("ssh"), signing: at("signing"), tree: at("tree") };
  for (const folder of [place.home, place.ssh, place.signing, place.tree]) await mkdir(folder, { mode: 0o700 });
  return place;
}

async function removePlace({ root }: Place): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function openIn(place: Place, options: WorkTreeOptions, remote: RemoteUrl, call: Call): Promise<WorkTree> {
  const git = await connect(place, options, remote, call);
  const { signing } = options;
  const signer = signing === undefined ? undefined : await openSigner(signing, place, call);
  try {
    const clone = await prepareClone(git, { folder: place.tree, base: options.base, remote }, call);
    return workTreeOf(clone, { place, options, git, signer });
  } catch (error) {
    await signer?.close();
    throw error;
  }
}

/** The git of this work tree: what it is given for each command. */
async function connect(place: Place, options: WorkTreeOptions, remote: RemoteUrl, call: Call): Promise<Git> {
  const proxy = parseProxy(options.proxy);
  const bare: GitSettings = {
    transport: remote.transport,
    caFile: options.caFile === undefined ? undefined : resolve(options.caFile),
    proxy,
    ssh: {},
    home: place.home,
  };
  const local = localEnvironment(bare, process.env);
  const ssh = remote.transport === "ssh" ? await prepareSsh(options.ssh ?? {}, place.ssh, local, call) : {};
  const credentials = credentialsSource(options.credentials);
  return createGit({
    folder: place.tree,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    local,
    remote: async (remoteCall) => {
      const login = await credentials(remoteCall);
      return {
        environment: remoteEnvironment({ ...bare, ssh }, login, process.env),
        secrets: [...secretTexts(login), ...(proxy?.secrets ?? [])],
      };
    },
  });
}

function openSigner(signing: CommitSigning, { home, signing: folder }: Place, call: Call): Promise<Signer> {
  const settings = { transport: "file", caFile: undefined, proxy: undefined, ssh: {}, home } as const;
  return prepareSigner(signing, { folder, environment: localEnvironment(settings, process.env) }, call);
}

interface Opened {
  readonly place: Place;
  readonly options: WorkTreeOptions;
  readonly git: Git;
  readonly signer: Signer | undefined;
}

function workTreeOf(clone: PreparedClone, { place, options, git, signer }: Opened): WorkTree {
  return createClone({
    ...clone,
    git,
    author: options.author ?? DEFAULT_AUTHOR,
    signer,
    now: options.now ?? (() => new Date()),
    remove: async () => {
      await signer?.close();
      await removePlace(place);
    },
  });
}
