import { type Call, clusterPath } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { ClusterRef, Config, GitOpsConfig } from "@kubeferry/shared-config";
import { clusterRoot } from "@kubeferry/snapshot";
import type { Source } from "../source.ts";
import { folderFiles } from "./folder-files.ts";
import { storeFiles } from "./store-files.ts";
import type { TreeFiles } from "./tree-files.ts";
import { openTree } from "./tree-source.ts";

/** What says where trees lie. */
interface TreeSearch {
  readonly config: Config;
  readonly store: ObjectStore;
  readonly gitops: GitOpsConfig;
}

/**
 * The tree of one cluster, as `gitops.source` says where it lies.
 * @throws GitOpsError "config"
 */
export function treeSource(search: TreeSearch, cluster: ClusterRef, call: Call): Promise<Source> {
  return openTree(filesOf(search, cluster), cluster, call);
}

function filesOf({ config, store, gitops }: TreeSearch, cluster: ClusterRef): TreeFiles {
  const { prefix, path } = gitops.source;
  // The path on this machine is nobody else's business: commits name the cluster only.
  if (path !== undefined) return folderFiles(filled(path, cluster), `tree of ${clusterPath(cluster)}`);
  if (prefix === undefined) return storeFiles(store, clusterRoot(config.layout.root, cluster));
  const root = filled(prefix, cluster).replace(/\/*$/, "/");
  return storeFiles(store, root === "/" ? "" : root);
}

function filled(template: string, { domain, name }: ClusterRef): string {
  return template.replaceAll("{domain}", domain).replaceAll("{cluster}", name);
}
