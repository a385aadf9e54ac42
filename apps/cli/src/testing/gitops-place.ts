import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { servers } from "@kubeferry/testbed";
import { testCall } from "./call.ts";
import { runTestBackup } from "./run-backup.ts";
import { smallCluster } from "./small-cluster.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "./workspace.ts";

/** The branch that stage 2 sets. */
const BRANCH = "kubeferry/main";

/** A store with a snapshot, and a repository of Gitea that it goes to. */
export interface GitOpsPlace {
  /** `gitops serve` has any port. */
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  /** The branch's files below `namespaces/`, each with the digest of its bytes; undefined without the branch. */
  files(): Promise<Readonly<Record<string, string>> | undefined>;
  /** Requests in any state. */
  requests(): Promise<readonly { readonly state: string; readonly body: string }[]>;
}

/** A folder that clusters are backed up to. */
export interface BackedUp {
  readonly store: TestStore;
  /** Makes another snapshot. */
  backUp(state: "before" | "after"): Promise<void>;
  close(): Promise<void>;
}

/** Makes a first snapshot, of "before". */
export async function backedUp(): Promise<BackedUp> {
  const store = await freshStores.folder();
  const replays: ReplayServer[] = [];
  const backUp = async (state: "before" | "after"): Promise<void> => {
    const replay = await serveSnapshot(await smallCluster(state), { port: 0 }, testCall);
    replays.push(replay);
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    const cluster = { name: "small", domain: "example.internal" };
    const config = await writeConfig({ cluster, kubernetes: { kubeconfig }, store: store.section });
    await runTestBackup(config, store.env);
  };
  await backUp("before");
  return { store, backUp, close: async () => void (await Promise.all(replays.map((replay) => replay.close()))) };
}

/** A fresh repository. @param gitUrl where Gitea is reached @param serve more of `gitops.serve` */
export async function gitopsPlace(
  { store }: Pick<BackedUp, "store">,
  gitUrl: string,
  serve: Readonly<Record<string, unknown>> = {},
): Promise<GitOpsPlace> {
  const gitea = await servers.gitea();
  const { owner, name } = await gitea.freshRepository();
  const nowhere = { host: "127.0.0.1", port: 0 };
  const repository = { url: `${gitUrl}/${owner}/${name}.git`, platform: "gitea", token: "${GIT_TOKEN}" };
  const config = await writeConfig({
    cluster: { name: "small", domain: "example.internal" },
    store: store.section,
    webhook: { keys: [`whsec_${Buffer.alloc(32, 7).toString("base64")}`] },
    metrics: nowhere,
    gitops: { namespaces: ["shop"], repository, serve: { ...nowhere, interval: "7d", ...serve } },
  });
  const ask = async <Answer>(path: string): Promise<{ status: number; json: Answer }> => {
    const { status, json } = await gitea.api("GET", `/repos/${owner}/${name}${path}`);
    return { status, json: json as Answer };
  };
  return {
    config,
    env: { ...store.env, GIT_TOKEN: gitea.token },
    async files() {
      const tree = await ask<{ tree: readonly { path: string; type: string; sha: string }[] }>(
        `/git/trees/${encodeURIComponent(BRANCH)}?recursive=true&per_page=1000`,
      );
      if (tree.status !== 200) return undefined;
      const ours = tree.json.tree.filter(({ path, type }) => type === "blob" && path.startsWith("namespaces/"));
      return Object.fromEntries(ours.map(({ path, sha }) => [path, sha]));
    },
    requests: async () => (await ask<Awaited<ReturnType<GitOpsPlace["requests"]>>>("/pulls?state=all")).json,
  };
}
