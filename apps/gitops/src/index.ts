export { type GitOpsOptions, type GitOpsProgress, runGitOps } from "./run.ts";
export { validateGitOps } from "./validate-gitops.ts";
