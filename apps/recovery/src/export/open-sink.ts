import { resolve } from "node:path";
import type { ExportSink } from "./export-sink.ts";
import { folderSink } from "./folder-sink.ts";

/**
 * Opens the place that `--to` names: an archive when it ends in `.tar`, `.tar.gz` or `.tgz`, else a folder.
 * @param modifiedAt of the archive's entries: the same for the same snapshot, so that equal exports are equal bytes
 * @throws RecoveryError "config" when something is there already; "unwritable"
 */
export async function openSink(to: string, modifiedAt: Date): Promise<ExportSink> {
  const place = resolve(to);
  const ending = /\.(?:tar|tar\.gz|tgz)$/.exec(to)?.[0];
  if (ending === undefined) return folderSink(place);
  const { archiveSink } = await import("./archive-sink.ts");
  return archiveSink(place, { compressed: ending !== ".tar", modifiedAt });
}
