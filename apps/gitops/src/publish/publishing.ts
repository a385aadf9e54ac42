import type { WorkTree } from "@kubeferry/git";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { LastLook } from "../guard/check-bytes.ts";
import type { Source } from "../read/source.ts";
import type { RepositoryShape } from "../shape/shape.ts";
import type { Spool } from "../spool.ts";
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
  readonly gitops: GitOpsConfig;
  readonly host: Host;
  readonly spool: Spool;
  readonly lastLook: LastLook;
}
