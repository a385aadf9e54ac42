import { typeName } from "@kubeferry/model";
import type { Snapshot, SnapshotManifest, TypeEntry } from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { consistencyLines } from "../present/consistency.ts";
import { note, print, printJson, table } from "../present/print.ts";
import { chosenSnapshot, type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** Prints what one snapshot holds, type by type. */
export function showSnapshots(args: SnapshotsArguments): Promise<number> {
  return withSnapshots(args, async (found, call) => {
    const snapshot = await chosenSnapshot(found, args.sequence, call);
    if (snapshot === undefined) {
      note(`${found.cluster} has no snapshot yet; run \`kubeferry backup\``);
      return ExitCode.couldNotRun;
    }
    if (args.output === "json") printJson(snapshot.manifest);
    else print(describe(snapshot, found.cluster));
    return ExitCode.done;
  });
}

function describe({ manifest, signature }: Snapshot, cluster: string): string {
  const shown = manifest.types.filter((type) => type.objects > 0 || type.captured.status === "unread");
  return [
    `${cluster}, snapshot ${manifest.sequence} (${manifest.series}), ${manifest.complete ? "complete" : "partial"}`,
    `taken ${manifest.startedAt} to ${manifest.finishedAt}, run ${manifest.runId}, kubeferry ${manifest.tool.version}`,
    `${manifest.objects} objects; secrets: ${manifest.secrets}; PVC data not included: ${manifest.claims} claims`,
    signatureLine(signature),
    ...recipientLines(manifest),
    ...(manifest.consistency === undefined ? [] : consistencyLines(manifest.consistency)),
    "",
    table([["TYPE", "OBJECTS", "ENCRYPTED", "STATE"], ...shown.map(typeRow)]),
    ...manifest.skipped.map(
      ({ resource, reason, count }) => `left out: ${resource}${count === null ? "" : ` (${count})`}: ${reason}`,
    ),
    ...manifest.failures.map(({ target, message }) => `failed: ${target}: ${message}`),
  ].join("\n");
}

function signatureLine(signature: Snapshot["signature"]): string {
  switch (signature.state) {
    case "unsigned":
      return "not signed";
    case "unchecked":
      return `signed with key ${signature.key}, not checked: no key is configured`;
    case "verified":
      return `signed with key ${signature.key}`;
  }
}

/** Who can open what is encrypted: for whoever looks for the right key at a restore. */
function recipientLines({ types }: SnapshotManifest): string[] {
  const recipients = types.flatMap(({ segments }) => segments.flatMap(({ sealed }) => sealed?.recipients ?? []));
  return recipients.length === 0 ? [] : [`encrypted to: ${[...new Set(recipients)].sort().join(", ")}`];
}

function typeRow(type: TypeEntry): string[] {
  const { captured } = type;
  const state =
    captured.status === "read" ? "read" : `${captured.status} since ${captured.sinceSequence}: ${captured.reason}`;
  const sealed = type.segments.filter((segment) => segment.sealed !== undefined);
  const encrypted = sealed.reduce((total, { objects }) => total + objects, 0);
  return [typeName(type), String(type.objects), encrypted === 0 ? "-" : String(encrypted), state];
}
