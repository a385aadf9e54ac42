import type { BlockedObject, FrozenFolder, GitOpsReport, ProposedFile } from "@kubeferry/model";
import { namespaceOf } from "./catalog.ts";
import type { Findings, SecretNote } from "./findings.ts";
import { SECRETS_TODO } from "./layout/secrets-todo.ts";
import { allChanges, type Plan } from "./plan/plan.ts";
import type { Published } from "./publish/publish.ts";
import type { Source } from "./read/source.ts";
import type { RepositoryShape } from "./shape/shape.ts";

/** What a run saw and did not put into Git. */
export function setAside(
  plan: Plan,
  findings: Findings,
  shape: RepositoryShape,
): { readonly blocked: readonly BlockedObject[]; readonly frozen: readonly FrozenFolder[] } {
  const folders = plan.folders.flatMap(({ blocked }) => (blocked === undefined ? [] : [blocked]));
  return {
    blocked: [...findings.blocked, ...folders, ...blockedSecrets(findings, shape)],
    frozen: plan.folders.flatMap(({ frozen }) => (frozen === undefined ? [] : [frozen])),
  };
}

/** A Secret is an object that Git does not hold, so it is listed like the others that it does not; once for all sources. */
function blockedSecrets({ secrets }: Findings, shape: RepositoryShape): readonly BlockedObject[] {
  const blocked = secrets.map((note): [string, BlockedObject] => {
    const object = `Secret ${namespaceOf(note.folder) ?? ""}/${note.name}`;
    const todo = shape.place(note.folder, SECRETS_TODO);
    return [object, { object, reason: `${whyNotWritten(note)}; ${todo} lists what has to be provided` }];
  });
  return [...new Map(blocked).values()];
}

function whyNotWritten({ value, reason }: SecretNote): string {
  if (reason !== undefined) return reason;
  if (value === "encrypted") return "encrypted in this backup; Secrets are not written to Git";
  if (value === "withheld") return "its value is not in this backup; Secrets are not written to Git";
  return "Secrets are not written to Git";
}

/** The report of a run that came to its end. Files are counted when they were committed in this run, or would be. */
export function reportOf(run: {
  readonly plan: Plan;
  readonly published: Published;
  /** Of a dry run. */
  readonly proposed?: readonly ProposedFile[];
  readonly findings: Findings;
  readonly sources: readonly Source[];
  readonly shape: RepositoryShape;
}): GitOpsReport {
  const { plan, published, proposed, findings, sources, shape } = run;
  const { blocked, frozen } = setAside(plan, findings, shape);
  const leftFolders = plan.folders.filter((folder) => folder.blocked !== undefined);
  const { added, changed, removed } = allChanges(plan);
  const counted = published.commit !== "" || proposed !== undefined;
  const { validation } = findings;
  return {
    stage: "gitops",
    // What cannot be in Git is left out at every run alike; what somebody wrote or edited wants attention.
    status: frozen.length + leftFolders.length + validation.errors === 0 ? "complete" : "partial",
    snapshot: sources.map(({ snapshotKey }) => snapshotKey).join(", "),
    files: counted
      ? { written: added.length, changed: changed.length, removed: removed.length }
      : { written: 0, changed: 0, removed: 0 },
    frozen,
    blocked,
    validation,
    warnings: [
      ...findings.warnings,
      ...plan.folders.flatMap((folder) => folder.warnings),
      ...sources.flatMap(({ warnings }) => warnings),
    ],
    commit: published.commit,
    branch: published.branch,
    ...(proposed === undefined ? {} : { proposed }),
    pullRequest:
      published.request === undefined ? null : { ...published.request.pullRequest, outcome: published.request.outcome },
  };
}

/** The report of a run that ended before it touched Git, because not everything is in the snapshots. */
export function waitingReport(waitsFor: readonly string[], sources: readonly Source[], branch: string): GitOpsReport {
  return {
    stage: "gitops",
    status: "complete",
    snapshot: sources.map(({ snapshotKey }) => snapshotKey).join(", "),
    files: { written: 0, changed: 0, removed: 0 },
    frozen: [],
    blocked: [],
    validation: { errors: 0, warnings: 0, findings: [] },
    warnings: sources.flatMap(({ warnings }) => warnings),
    waitsFor,
    commit: "",
    branch,
    pullRequest: null,
  };
}
