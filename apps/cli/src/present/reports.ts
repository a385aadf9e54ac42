import type { BackupReport, GitOpsReport, RequestReport } from "@kubeferry/model";
import { consistencyLines } from "./consistency.ts";
import { bytes, count, oneByLine } from "./print.ts";

/** What a backup did, for people. */
export function describeBackup(report: BackupReport): string {
  const lines = [
    `backup ${report.status}: ${report.cluster}, snapshot ${report.sequence} (${report.series})`,
    `  ${count(report.objects, "object")}, ${report.changed} new or changed, ${report.removed} removed`,
    `  segments: ${report.segments.written} written, ${report.segments.reused} unchanged`,
    `  mirror: ${report.mirror.put} written, ${report.mirror.deleted} deleted`,
    ...tooLargeLines(report),
    ...pruneLines(report),
    `  secrets: ${secretsLine(report)}`,
    ...findingLines(report),
    ...consistencyLines(report.consistency).map((line) => `  ${line}`),
    ...volumeLines(report),
    ...report.unread.map(
      ({ resource, reason, carried, accepted }) =>
        `  unread${accepted ? ", as accepted" : ""}: ${resource} (${carried} kept from before): ${reason}`,
    ),
    ...report.warnings.map((warning) => `  worth a look: ${warning}`),
    ...report.failures.map(({ target, message }) => `  failed: ${target}: ${message}`),
    ...announcedLines(report),
    `  took ${(report.durationMs / 1000).toFixed(1)} s, ${bytes(report.peakRssBytes)} at most`,
    `  ${report.snapshot}`,
  ];
  return oneByLine(lines);
}

function announcedLines({ announced }: BackupReport): string[] {
  if (announced === null) return [];
  const { via, target, outcome, error } = announced;
  if (outcome === "failed") return [`  not announced, stage 2 finds it on its own schedule: ${error}`];
  const what = `  announced: ${via} ${target}`;
  return [outcome === "told" ? what : `${what} has not begun yet and will find the snapshot`];
}

/** Names a few: whoever has hundreds reads the report in JSON. */
const SHOWN = 20;

function tooLargeLines({ mirror: { tooLarge } }: BackupReport): string[] {
  if (tooLarge.length === 0) return [];
  const named = tooLarge.slice(0, SHOWN).map(({ object, sizeBytes }) => `    ${object}: ${bytes(sizeBytes)}`);
  return [
    `  not in the mirror, larger than backup.mirror.maxResourceSize: ${count(tooLarge.length, "object")}`,
    ...named,
    ...moreLines(tooLarge.length - named.length),
  ];
}

function moreLines(more: number): string[] {
  return more === 0 ? [] : [`    and ${more} more`];
}

function pruneLines({ pruned }: BackupReport): string[] {
  if (pruned === null) return [];
  const { snapshots, blobs, bytes: sizeBytes, later } = pruned;
  const removed = `  retention: ${count(snapshots, "snapshot")} and ${count(blobs, "blob")} removed (${bytes(sizeBytes)})`;
  return [removed, ...later.map(({ key, until }) => `  ${protection(until)}: ${key}`)];
}

/** Why the store does not remove something yet. */
export function protection(until: string | null): string {
  return until === null ? "protected by a legal hold" : `protected until ${until}`;
}

function secretsLine({ secrets }: BackupReport): string {
  if (secrets === "withhold") return "values withheld (names and keys are kept; this backup cannot restore them)";
  if (secrets === "omit") return "not read";
  return secrets === "plain" ? "stored in clear text, as configured" : "encrypted";
}

function findingLines({ findings }: BackupReport): string[] {
  if (findings.objects === 0) return [];
  const named = findings.found.slice(0, SHOWN).map(({ object, kind }) => `    ${object}: ${kind}`);
  return [
    `  ${count(findings.objects, "object")} beside Secrets may hold a credential`,
    ...named,
    ...moreLines(findings.found.length - named.length),
  ];
}

function volumeLines({ volumes }: BackupReport): string[] {
  if (volumes.dataNotIncluded === 0) return [];
  return [`  volumes: PVC data not included (${count(volumes.dataNotIncluded, "claim")})`];
}

function outcomeLines(report: GitOpsReport): readonly string[] {
  const { commit, branch, mode, directory, files, requests, waitsFor } = report;
  if (waitsFor !== undefined) return ["waits, nothing was looked at in Git: the snapshot has gaps"];
  switch (mode) {
    case "dry-run":
      return ["dry run: nothing was pushed"];
    case "directory":
      return [
        files.written + files.changed + files.removed === 0
          ? `nothing changed in ${directory}`
          : `written to ${directory}: no commit, nothing was pushed`,
      ];
    case "push":
      return [commit === "" ? "nothing changed: no commit" : `commit ${commit.slice(0, 12)} pushed to ${branch}`];
    case "pull-request":
      return requests.length <= 1 ? requestLines(report) : requests.map(partLine);
    default:
      return mode satisfies never;
  }
}

function requestLines({ commit, branch, pullRequest }: GitOpsReport): readonly string[] {
  const done = commit === "" ? "nothing changed: no commit" : `commit ${commit.slice(0, 12)} on ${branch}`;
  if (pullRequest === null) return [done];
  return [done, `pull request #${pullRequest.number} ${pullRequest.outcome}: ${pullRequest.url}`];
}

function partLine({ part, branch, commit, outcome, number, url, error }: RequestReport): string {
  const what = part ?? branch;
  if (error !== undefined) return `${what}: failed: ${error}`;
  const done = commit === "" ? "" : `commit ${commit.slice(0, 12)} on ${branch}`;
  const request = url === null ? "" : `pull request #${number} ${outcome}: ${url}`;
  return `${what}: ${[done, request].filter((text) => text !== "").join(", ")}`;
}

/** What stage 2 did, for people. */
export function describeGitOps(report: GitOpsReport): string {
  const { files } = report;
  const lines = [
    `gitops ${report.status}: from ${report.snapshot}`,
    `  files: ${files.written} written, ${files.changed} changed, ${files.removed} removed`,
    ...outcomeLines(report).map((line) => `  ${line}`),
    ...lookedAfterLines(report),
    ...(report.waitsFor ?? []).map((gap) => `  waits for: ${gap}`),
    ...checkLines(report),
    ...verifiedLines(report),
    ...report.frozen.map(({ folder, files: edited }) => `  frozen: ${folder}: people changed ${edited.join(", ")}`),
    ...report.warnings.map((warning) => `  worth a look: ${warning}`),
    ...report.blocked.map(({ object, reason }) => `  left out: ${object}: ${reason}`),
  ];
  return oneByLine(lines);
}

/** Every Application of Argo CD is one; the report in JSON has them all. */
const SHOWN_OTHERS = 10;

/** By itself a small number of files looks as if something was lost. */
function lookedAfterLines({ lookedAfter = [] }: GitOpsReport): string[] {
  if (lookedAfter.length === 0) return [];
  const shown = lookedAfter.slice(0, SHOWN_OTHERS).map(({ by, objects }) => `${by} (${objects})`);
  const rest = lookedAfter.slice(SHOWN_OTHERS).reduce((sum, { objects }) => sum + objects, 0);
  const all = rest === 0 ? shown : [...shown, `others (${rest})`];
  return [`  not in Git, as others look after them: ${all.join(", ")}`];
}

function checkLines({ validation: { errors, warnings } }: GitOpsReport): string[] {
  if (errors + warnings === 0) return [];
  return [`  checks: ${count(errors, "error")}, ${count(warnings, "warning")}; kubeferry gitops validate lists them`];
}

/** What a run says in whose report there is a verification: what differs ended the run, with a message of its own. */
function verifiedLines({ verification }: GitOpsReport): string[] {
  if (verification === undefined) return [];
  const { by, overlays, objects, notVerified } = verification;
  const built = by === "model" ? "kubeferry's own model of kustomize (neither kustomize nor kubectl on PATH)" : by;
  return [
    `  verified: ${count(overlays, "overlay")} built with ${built}, ${count(objects, "object")}, no difference`,
    ...notVerified.map(({ overlay, reason }) => `  not verified: ${overlay}: ${reason}`),
  ];
}
