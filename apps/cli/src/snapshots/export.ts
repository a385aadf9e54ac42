import { createCleaner } from "@kubeferry/clean";
import { type ExportReport, exportSnapshot, openSink } from "@kubeferry/recovery";
import type { Snapshot } from "@kubeferry/snapshot";
import type { FilterArguments } from "../commands/filter-options.ts";
import { ExitCode } from "../exit-code.ts";
import { count, note, print, printJson } from "../present/print.ts";
import { filterOf } from "../recovery/filter-of.ts";
import { snapshotOf } from "./moment.ts";
import { type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** What `kubeferry snapshots export` is asked. */
export interface ExportArguments extends SnapshotsArguments, FilterArguments {
  readonly at: string;
  readonly to: string;
  readonly secrets: "list" | "include";
}

/** Writes one snapshot as files that `kubectl apply -k` takes: whole, or not at all. */
export function exportSnapshots(args: ExportArguments): Promise<number> {
  return withSnapshots(args, async ({ cluster, series }, call, { clean }) => {
    const filter = filterOf(args);
    const snapshot = await snapshotOf(series, args.at, call);
    const sink = await openSink(args.to, new Date(snapshot.manifest.finishedAt));
    try {
      const options = { snapshot, cleaner: createCleaner(clean), filter, secrets: args.secrets };
      const report = await exportSnapshot(options, sink, call);
      await sink.finish();
      for (const idle of report.idle) note(idle);
      if (args.output === "json") printJson({ cluster, snapshot: snapshot.key, to: args.to, ...report });
      else print(describe(snapshot, report, { cluster, to: args.to }));
      return report.failures.length === 0 ? ExitCode.done : ExitCode.doneWithFailures;
    } finally {
      await sink.discard();
    }
  });
}

function describe(
  { manifest }: Snapshot,
  report: ExportReport,
  { cluster, to }: { readonly cluster: string; readonly to: string },
): string {
  const { objects, beside, secrets, secretsIncluded, leftOut, unread, failures } = report;
  const own = Object.values(leftOut).reduce((total, each) => total + each, 0);
  return [
    `${cluster}, snapshot ${manifest.sequence} of ${manifest.finishedAt}: ${count(objects, "object")} in ${to}`,
    ...(own === 0 ? [] : [`${count(own, "object")} left out that a cluster makes by itself`]),
    ...(secretsIncluded === 0
      ? []
      : [`values of ${count(secretsIncluded, "object")} are in it in clear: keep it safe`]),
    ...(secrets.length === 0 ? [] : [`not in it: ${count(secrets.length, "object")}, named in secrets.todo.md`]),
    ...beside.map(({ object, reason }) => `in _beside, to be applied by itself: ${object}: ${reason}`),
    ...unread.map((type) => `${type}: could not be read when the snapshot was taken; their earlier state is in it`),
    ...(manifest.claims === 0 ? [] : [`PVC data not included: ${count(manifest.claims, "claim")}`]),
    ...failures.map(({ target, message }) => `failed: ${target}: ${message}`),
    ...usage(report, to),
  ].join("\n");
}

function usage({ objects, definitions, beside }: ExportReport, to: string): string[] {
  if (/\.(?:tar|tar\.gz|tgz)$/.test(to)) return [];
  const apply = (folder: string): string => `  kubectl apply --server-side -k ${folder}`;
  const folder = to.replace(/\/+$/, "");
  return [
    "",
    ...(definitions === 0 ? [] : [apply(`${folder}/_cluster/customresourcedefinitions`)]),
    ...(objects === 0 ? [] : [apply(folder)]),
    // On the client: the server reads a server-side apply as YAML, and some of these hold what YAML loses.
    ...(beside.length === 0 ? [] : [`  kubectl apply -R -f ${folder}/_beside`]),
  ];
}
