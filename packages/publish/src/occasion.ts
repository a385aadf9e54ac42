import type { FileChange, Plan } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";

/** Why something is proposed that is not what the newest snapshots say; its request says so first. */
export interface Occasion {
  /** In titles, in the place of the sources: "rollback of crc.testing/wrl62 to snapshot 42". */
  readonly title: string;
  /** Markdown that leads the text of the request. */
  describe(plan: Plan, files: ChangedFiles, call: Call): Promise<readonly string[]>;
}

/** The files of a plan on both sides. */
export interface ChangedFiles {
  /** What the base branch has; undefined where it has nothing. */
  before(change: FileChange): Promise<string | undefined>;
  /** What the plan writes; undefined where it removes. */
  after(change: FileChange): Promise<string | undefined>;
}
