export { type GitOpsObserver, type GitOpsOptions, type GitOpsProgress, runGitOps } from "./run.ts";
export { systemClock } from "./serve/clock.ts";
export { lookAround } from "./serve/look-around.ts";
export { createReceiver, type Receiver, type ReceiverNumbers, type ReceiverOptions } from "./serve/receiver.ts";
export type { RunOutcome, RunRequest, RunTrigger } from "./serve/runs/run-request.ts";
export { ServeError, type ServeErrorKind } from "./serve/serve-error.ts";
export { type ServeSettings, serveSettings } from "./serve/settings.ts";
export { validateGitOps } from "./validate-gitops.ts";
