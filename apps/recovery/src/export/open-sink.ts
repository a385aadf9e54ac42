import { resolve } from "node:path";
import { archiveSink } from "./archive-sink.ts";
import type { ExportSink } from "./export-sink.ts";
import { folderSink } from "./folder-sink.ts";

/**
 * Opens the place that `--to` names: an archive when it ends in `.tar`, `.tar.gz` or `.tgz`, else a folder.
 * @param modifiedAt of the archive's entries: the same for the same snapshot, so that equal exports are equal bytes
 * @throws RecoveryError "config" when something is there already; "unwritable"
 */
export function openSink(to: string, modifiedAt: Date): Promise<ExportSink> {
  const place = resolve(to);
  if (/\.tar$/.test(to)) return archiveSink(place, { compressed: false, modifiedAt });
  if (/\.(?:tar\.gz|tgz)$/.test(to)) return archiveSink(place, { compressed: true, modifiedAt });
  return folderSink(place);
}
