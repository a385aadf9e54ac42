import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { createFolderStore, type ObjectStore } from "@kubeferry/object-store";
import { type Config, loadConfig } from "@kubeferry/shared-config";
import { servers } from "@kubeferry/testbed";
import { type SnapshotSpec, type TestCluster, takeSnapshot } from "./cluster.ts";

const execute = promisify(execFile);

/** The cluster that a fleet's snapshots are of unless told otherwise. */
const CLUSTER: TestCluster = { domain: "crc.testing", name: "wrl62", uid: "kube-system-of-wrl62" };

/** `gitops` is put over the fleet's own section, `config` over all of the configuration. */
export interface ConfigSpec {
  readonly config?: object;
  readonly gitops?: object;
}

/** A store, a repository on the real Gitea, and what people do in it. */
export interface Fleet {
  readonly store: ObjectStore;
  /** The repository's address, without credentials. */
  readonly url: string;
  snapshot(objects: readonly JsonObject[], spec?: SnapshotSpec, cluster?: TestCluster): Promise<void>;
  /** The configuration of a run on this store and repository, as a user would have written it. */
  configure(spec?: ConfigSpec): Promise<Config>;
  /** Paths and texts of a branch's files; without the README that Gitea made. */
  files(branch: string): Promise<Readonly<Record<string, string>>>;
  /** A checkout of a branch of its own: a folder. */
  clone(branch: string): Promise<string>;
  /** What the real kustomize makes of a folder of a branch, by "Kind name". */
  build(branch: string, folder: string): Promise<Readonly<Record<string, JsonObject>>>;
  /** Merges a branch into main, on Gitea through its open request, as a person would. */
  merge(branch: string): Promise<void>;
  /** Commits a person's edit; null removes a file. */
  edit(branch: string, files: Readonly<Record<string, string | null>>): Promise<void>;
  tip(branch: string): Promise<string>;
  /** Asks Gitea about the repository: "/pulls/1". */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Runs git as somebody who may read and write the repository. */
  git(...args: readonly string[]): Promise<{ readonly stdout: string }>;
  /** Another fleet that has come as far as this one, of whose repository it keeps a copy in a folder. */
  copy(): Promise<Fleet>;
  close(): Promise<void>;
}

/** Where a fleet's repository is. */
interface Host {
  readonly url: string;
  /**
   * Environment by which git of the people of a test is let in. Not in the address: another test looks for tokens in
   * the command lines of all processes.
   */
  readonly login: Readonly<Record<string, string>>;
  /** What the configuration says beside the address. */
  readonly section: object;
  readonly env: Readonly<Record<string, string>>;
  merge(branch: string, place: () => Promise<string>): Promise<void>;
  api: Fleet["api"];
}

/** Makes a fleet whose repository is on the real Gitea, or a bare one in a folder: faster, and without requests. */
export async function createFleet(kind: "gitea" | "folder"): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-fleet-"));
  await mkdir(join(folder, "store"));
  return fleetIn(folder, kind === "gitea" ? await onGitea() : await inFolder(repositoryIn(folder)));
}

function repositoryIn(folder: string): string {
  return join(folder, "repository.git");
}

function fleetIn(folder: string, host: Host): Fleet {
  const store = createFolderStore({ path: join(folder, "store"), autoCreate: true });
  const counter = { configs: 0, clones: 0 };
  const git = (...args: readonly string[]) => execute("git", args, { env: { ...process.env, ...host.login } });

  async function clone(branch: string): Promise<string> {
    const place = join(folder, `clone-${counter.clones++}`);
    await git("clone", "--quiet", "--branch", branch, host.url, place);
    await execute("git", ["-C", place, "config", "user.email", "somebody@example.com"]);
    await execute("git", ["-C", place, "config", "user.name", "Somebody"]);
    return place;
  }

  return {
    store,
    url: host.url,
    async snapshot(objects, spec, cluster = CLUSTER) {
      await takeSnapshot(store, cluster, objects, spec);
    },
    async configure(spec = {}) {
      const file = join(folder, `kubeferry-${counter.configs++}.yaml`);
      await writeFile(file, JSON.stringify({ ...settings(folder, host, spec.gitops ?? {}), ...spec.config }));
      const { config } = await loadConfig({ files: [file], env: { ...host.env } });
      return config;
    },
    async files(branch) {
      const place = await clone(branch);
      const { stdout } = await execute("git", ["-C", place, "ls-files", "-z"]);
      const paths = stdout.split("\0").filter((path) => path !== "" && path !== "README.md");
      const texts = paths.map(async (path) => [path, (await execute("cat", [join(place, path)])).stdout] as const);
      return Object.fromEntries(await Promise.all(texts));
    },
    async build(branch, path) {
      return buildFolder(join(await clone(branch), path));
    },
    clone,
    merge: (branch) => host.merge(branch, () => clone("main")),
    async edit(branch, files) {
      const place = await clone(branch);
      for (const [path, text] of Object.entries(files)) {
        if (text === null) await rm(join(place, path));
        else {
          await mkdir(dirname(join(place, path)), { recursive: true });
          await writeFile(join(place, path), text);
        }
      }
      await execute("git", ["-C", place, "add", "--all"]);
      await execute("git", ["-C", place, "commit", "--quiet", "-m", "A person's edit"]);
      await git("-C", place, "push", "--quiet", "origin", branch);
    },
    async tip(branch) {
      const { stdout } = await git("ls-remote", host.url, `refs/heads/${branch}`);
      return stdout.split("\t")[0] ?? "";
    },
    api: host.api,
    git,
    async copy() {
      const place = await mkdtemp(join(tmpdir(), "kubeferry-fleet-"));
      await cp(join(folder, "store"), join(place, "store"), { recursive: true, preserveTimestamps: true });
      await git("clone", "--quiet", "--mirror", host.url, repositoryIn(place));
      return fleetIn(place, hostIn(repositoryIn(place)));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function onGitea(): Promise<Host> {
  const gitea = await servers.gitea();
  const { owner, name, cloneUrl } = await gitea.freshRepository();
  const api: Host["api"] = async (method, path, body) =>
    (await gitea.api(method, `/repos/${owner}/${name}${path}`, body)).json;
  return {
    url: cloneUrl,
    login: {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: `Authorization: token ${gitea.token}`,
    },
    section: { platform: "gitea", token: "${GIT_TOKEN}" },
    env: { GIT_TOKEN: gitea.token },
    api,
    async merge(branch) {
      const open = (await api("GET", "/pulls?state=open")) as { number: number; head: { ref: string } }[];
      const number = open.find(({ head }) => head.ref === branch)?.number;
      // Gitea works out in the background whether a request can be merged, and refuses until it knows.
      for (let tries = 0; ; tries++) {
        await api("POST", `/pulls/${number}/merge`, { Do: "merge" });
        if (((await api("GET", `/pulls/${number}`)) as { merged: boolean }).merged) return;
        if (tries > 100) throw new Error(`request ${number} of ${branch} cannot be merged`);
        await setTimeout(100);
      }
    },
  };
}

async function inFolder(place: string): Promise<Host> {
  const identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
  await execute("git", ["init", "--quiet", "--bare", "--initial-branch=main", place]);
  const { stdout } = await execute("git", ["-C", place, "hash-object", "-w", "-t", "tree", "/dev/null"]);
  const commit = await execute("git", ["-C", place, ...identity, "commit-tree", "-m", "Start", stdout.trim()]);
  await execute("git", ["-C", place, "update-ref", "refs/heads/main", commit.stdout.trim()]);
  return hostIn(place);
}

function hostIn(place: string): Host {
  return {
    url: place,
    login: {},
    section: {},
    env: {},
    async merge(branch, clone) {
      const checkout = await clone();
      await execute("git", ["-C", checkout, "fetch", "--quiet", "origin", branch]);
      await execute("git", ["-C", checkout, "merge", "--quiet", "--no-ff", "-m", "Merge", "FETCH_HEAD"]);
      await execute("git", ["-C", checkout, "push", "--quiet", "origin", "main"]);
    },
    api: () => Promise.reject(new Error("a repository in a folder has no host to ask")),
  };
}

function settings(folder: string, host: Host, gitops: object): object {
  return {
    store: { type: "folder", path: join(folder, "store") },
    gitops: { namespaces: ["*"], repository: { url: host.url, ...host.section }, ...gitops },
  };
}

/** What the real kustomize builds out of a folder, by "Kind name". */
async function buildFolder(path: string): Promise<Readonly<Record<string, JsonObject>>> {
  const options = { maxBuffer: 256 * 1024 * 1024 };
  const { stdout } = await execute(servers.binary("kustomize"), ["build", path], options);
  const objects = stdout.split(/^---\n/m).map((text) => parseYaml(text) as JsonObject);
  return Object.fromEntries(objects.map((object) => [titleOf(object), object]));
}

function titleOf(object: JsonObject): string {
  const { name } = object.metadata as JsonObject;
  const apiVersion = String(object.apiVersion);
  const custom = /\.(com|org)\//.test(apiVersion) ? `.${apiVersion.split("/", 1)[0]}` : "";
  return `${String(object.kind)}${custom} ${String(name)}`;
}
