import type { Call, GitOpsReport } from "@kubeferry/model";
import {
  type ConfigSpec,
  createFleet as createTestFleet,
  type Fleet as TestFleet,
  testCall,
} from "@kubeferry/test-fleet";
import { type GitOpsOptions, runGitOps } from "../run.ts";

/** A run's options. */
interface RunSpec extends ConfigSpec {
  readonly allowRemovals?: boolean;
  readonly runId?: string;
  readonly call?: Call;
  readonly onProgress?: NonNullable<GitOpsOptions["onProgress"]>;
  /** The PATH on which it finds kustomize; left out: none. */
  readonly programPath?: string;
  readonly observer?: NonNullable<GitOpsOptions["observer"]>;
  readonly toolVersion?: string;
  readonly dryRun?: NonNullable<GitOpsOptions["dryRun"]>;
  /** What the run sees of the store; left out: all of it. */
  readonly store?: GitOpsOptions["store"];
}

/** A store, a repository, what people do in it, and stage 2 between the two. */
export interface Fleet extends Omit<TestFleet, "copy"> {
  run(spec?: RunSpec): Promise<GitOpsReport>;
  /** Another fleet that has come as far as this one, of whose repository it keeps a copy in a folder. */
  copy(): Promise<Fleet>;
}

/** Makes a fleet whose repository is on the real Gitea, or a bare one in a folder: faster, and without requests. */
export async function createFleet(kind: "gitea" | "folder"): Promise<Fleet> {
  return running(await createTestFleet(kind));
}

function running(fleet: TestFleet): Fleet {
  const counter = { runs: 0 };
  return {
    ...fleet,
    async run(spec = {}) {
      const { config: _config, gitops: _gitops, call = testCall, ...asked } = spec;
      const config = await fleet.configure(spec);
      const usual = { store: fleet.store, allowRemovals: false, toolVersion: "0.0.0", programPath: "" };
      const runId = `run-${++counter.runs}`;
      return runGitOps({ ...usual, runId, ...asked, config }, call);
    },
    copy: async () => running(await fleet.copy()),
  };
}
