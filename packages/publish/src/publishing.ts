import type { WorkTree } from "@kubeferry/git";
import type { Generation, LastLook, RepositoryShape, Source, Spool } from "@kubeferry/layout";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { BranchSearch } from "./choose-branch.ts";
import type { Host } from "./host.ts";
import type { RequestFacts } from "./request-text.ts";

/** What publishing to branches needs. */
export interface Publishing {
  readonly tree: WorkTree;
  readonly branches: BranchSearch;
  readonly shape: RepositoryShape;
  /** Of the whole run. */
  readonly facts: RequestFacts & { readonly sources: readonly Source[] };
  readonly generation: Pick<Generation, "catalog">;
  readonly gitops: GitOpsConfig;
  readonly host: Host;
  readonly spool: Spool;
  readonly lastLook: LastLook;
}
