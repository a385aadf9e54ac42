export type { ExplainedChange } from "./explain/explain-changes.ts";
export type { ExplainedEnvironment } from "./explain/explain-environment.ts";
export { explainGitOps, type GitOpsExplanation } from "./explain/explain-gitops.ts";
export { GitOpsError, type GitOpsErrorKind } from "./gitops-error.ts";
export type { PreviewReader } from "./publish/preview.ts";
export type { SourcePlace } from "./read/find-snapshot.ts";
export { type GitOpsOptions, type GitOpsProgress, runGitOps } from "./run.ts";
export { validateGitOps } from "./validate-gitops.ts";
export { gitView, type ViewFacts } from "./view/git-view.ts";
