import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { bareRepository } from "../demo/bare-repository.ts";
import { testCall } from "./call.ts";
import { smallCluster } from "./small-cluster.ts";
import { freshFolder, writeConfig } from "./workspace.ts";

/** The small cluster, served, with a store and a repository that are empty. */
export interface ShopToFleet {
  readonly replay: ReplayServer;
  /** The file that names them all. */
  readonly config: string;
  /** The store's folder. */
  readonly store: string;
  /** A bare repository's folder. */
  readonly repository: string;
}

/** Adopts namespace shop. @param gitops more keys of that section */
export async function shopToFleet(gitops: object = {}): Promise<ShopToFleet> {
  const replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  const kubeconfig = join(await freshFolder(), "kubeconfig");
  await writeFile(kubeconfig, replay.kubeconfig);
  const repository = (await bareRepository(join(await freshFolder(), "fleet.git"))).folder;
  const store = await freshFolder();
  const config = await writeConfig({
    cluster: { name: "production-east", domain: "company.local" },
    kubernetes: { kubeconfig },
    store: { type: "folder", path: store },
    gitops: { namespaces: ["shop"], repository: { url: repository }, ...gitops },
  });
  return { replay, config, store, repository };
}
