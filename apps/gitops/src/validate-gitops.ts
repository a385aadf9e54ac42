import { generateContent, type InputOptions, openInputs, openSpool } from "@kubeferry/layout";
import type { Call, ValidationReport } from "@kubeferry/model";

/**
 * Everything that a run checks of the newest snapshots, without the run: Git and its host are neither asked nor needed.
 * @throws ConfigError, GitOpsError, StorageError, SnapshotError when it could not be checked
 */
export async function validateGitOps(options: InputOptions, call: Call): Promise<ValidationReport> {
  const inputs = await openInputs(options, call);
  const spool = await openSpool();
  try {
    const { findings } = await generateContent({ ...options, ...inputs, spool }, () => undefined, call);
    const { validation, blocked, taken } = findings;
    return {
      stage: "validate",
      status: validation.errors === 0 ? "complete" : "partial",
      snapshot: inputs.sources.map(({ snapshotKey }) => snapshotKey).join(", "),
      objects: [...taken.values()].reduce((sum, each) => sum + each, 0),
      validation,
      blocked,
    };
  } finally {
    await spool.close();
  }
}
