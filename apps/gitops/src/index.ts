export { GitOpsError, type GitOpsErrorKind } from "./gitops-error.ts";
export type { PreviewReader } from "./publish/preview.ts";
export type { SourcePlace } from "./read/find-snapshot.ts";
export { type GitOpsOptions, type GitOpsProgress, runGitOps } from "./run.ts";
export { gitView, type ViewFacts } from "./view/git-view.ts";
