import { createCleaner } from "@kubeferry/clean";
import type { Call } from "@kubeferry/model";
import {
  createSelection,
  type Diff,
  type DiffReport,
  diffCounts,
  diffJson,
  diffMarkdown,
  diffNames,
  diffSides,
  diffText,
  diffUnified,
  type MarkedLine,
} from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";
import type { FilterArguments } from "../commands/filter-options.ts";
import type { ConfigArguments } from "../commands/options.ts";
import type { SnapshotArguments } from "../commands/snapshot-options.ts";
import { ExitCode } from "../exit-code.ts";
import { note } from "../present/print.ts";
import { type ColorChoice, printLines, printPieces } from "../present/print-lines.ts";
import type { ClusterSnapshots } from "../snapshots/find-cluster.ts";
import { withSnapshots } from "../snapshots/with-snapshots.ts";
import { filterOf } from "./filter-of.ts";
import { openSides } from "./open-sides.ts";

/** What `kubeferry diff` is asked. */
export interface DiffArguments extends ConfigArguments, SnapshotArguments, FilterArguments {
  readonly before: string;
  readonly after: string;
  readonly output: "text" | "unified" | "json" | "markdown";
  readonly stat: boolean;
  readonly nameOnly: boolean;
  readonly acceptUnread: boolean;
  readonly filesComplete: boolean;
  readonly color: ColorChoice;
}

/** Compares two sides and prints what differs. @returns 0 same, 3 different, 2 same as far as it could be compared */
export function runDiff(args: DiffArguments): Promise<number> {
  return withSnapshots({ ...args, output: "text" }, async (found, call, config) => {
    const closing: (() => Promise<void>)[] = [];
    try {
      return await compare(args, { found, config, onOpen: (close) => closing.push(close) }, call);
    } finally {
      await Promise.all(closing.map((close) => close()));
    }
  });
}

async function compare(
  args: DiffArguments,
  {
    found: { series },
    config,
    onOpen,
  }: {
    readonly found: ClusterSnapshots;
    readonly config: Config;
    readonly onOpen: (close: () => Promise<void>) => void;
  },
  call: Call,
): Promise<number> {
  const context = { config, series, onOpen, filesComplete: args.filesComplete };
  const selection = createSelection(filterOf(args));
  const { before, after } = await openSides(args, context, call);
  const cleaner = createCleaner(config.clean);
  const diff = await diffSides({ before, after, selection, cleaner, texts: args.output === "unified" }, call);
  try {
    await printDiff(diff, args);
    for (const idle of selection.idle()) note(idle);
    return codeOfDiff(diff.report, args);
  } finally {
    await diff.differences.close();
  }
}

async function printDiff(diff: Diff, args: DiffArguments): Promise<void> {
  if (args.output === "json") await printPieces(diffJson(diff));
  else await printLines(linesOf(diff, args), args.color);
}

function linesOf(diff: Diff, { output, stat, nameOnly }: DiffArguments): AsyncIterable<MarkedLine> {
  if (stat) return diffCounts(diff);
  if (nameOnly) return diffNames(diff);
  if (output === "markdown") return diffMarkdown(diff);
  return output === "unified" ? diffUnified(diff) : diffText(diff);
}

/** A difference that was found is one, whatever else could not be looked at. */
function codeOfDiff(
  { added, removed, changed, notCompared }: DiffReport,
  { acceptUnread }: Pick<DiffArguments, "acceptUnread">,
): number {
  if (added + removed + changed > 0) return ExitCode.different;
  const unread = notCompared.filter(({ because }) => because === "unread");
  if (unread.length === 0 || acceptUnread) return ExitCode.done;
  for (const { resource, reason } of unread) note(`not compared: ${resource}: ${reason}`);
  return ExitCode.couldNotRun;
}
