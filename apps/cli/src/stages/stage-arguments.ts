import type { PublishMode } from "@kubeferry/model";
import type { ClusterArguments } from "../commands/options.ts";

/** One of the two stages. */
type Stage = "backup" | "gitops";

/** What the stage commands are asked. */
export interface StageArguments extends ClusterArguments {
  readonly stages: readonly Stage[];
  readonly allowRemovals: boolean;
  /** Stage 2 shows what it would propose. */
  readonly dryRun?: boolean;
  /** Goes before `gitops.verify`. */
  readonly verify?: boolean;
  /** Goes before `gitops.mode`. */
  readonly mode?: PublishMode;
  /** Stage 2 was not asked for: `announce.via: in-process` lets it follow the backup. */
  readonly announced?: true;
}
