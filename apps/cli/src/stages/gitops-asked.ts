import type { GitOpsOptions } from "@kubeferry/gitops";
import type { Session } from "../compose/session.ts";
import { showProposal } from "../present/proposal.ts";
import type { StageArguments } from "./stage-arguments.ts";

/** What stage 2 is asked; a dry run shows itself, whichever way it was asked for. */
export function gitopsAsked(
  { allowRemovals, dryRun = false, output }: Pick<StageArguments, "allowRemovals" | "dryRun" | "output">,
  { config }: Pick<Session, "config">,
): Pick<GitOpsOptions, "allowRemovals" | "dryRun"> {
  const isDry = dryRun || config.gitops?.mode === "dry-run";
  return { allowRemovals, ...(isDry ? { dryRun: showProposal(output) } : {}) };
}
