import { typeName } from "@kubeferry/model";
import type { Diff } from "../diff/diff-sides.ts";
import type { ObjectDifference } from "../diff/difference.ts";
import { endLines } from "./diff-text.ts";
import { type MarkedLine, SIGNS } from "./marked-line.ts";

/** The names of what differs, one a line, and nothing else: "~ deployments.apps shop/web". */
export async function* diffNames({ differences }: Diff): AsyncIterable<MarkedLine> {
  for await (const { type, namespace, name, change } of differences.all()) {
    const place = namespace === undefined ? name : `${namespace}/${name}`;
    yield { mark: change, text: `${SIGNS[change]} ${typeName(type)} ${place}` };
  }
}

/** How much differs, by namespace and type. */
export async function* diffCounts({ report, differences }: Diff): AsyncIterable<MarkedLine> {
  const counts = new Map<string, Record<ObjectDifference["change"], number>>();
  for await (const { type, namespace = "(cluster)", change } of differences.all()) {
    const row = `${namespace}\t${typeName(type)}`;
    const count = counts.get(row) ?? { added: 0, removed: 0, changed: 0 };
    count[change]++;
    counts.set(row, count);
  }
  const rows = [...counts].map(([row, { added, removed, changed }]) => [
    ...row.split("\t"),
    `+${added}`,
    `-${removed}`,
    `~${changed}`,
  ]);
  if (rows.length > 0) yield* aligned([["NAMESPACE", "TYPE", "ADDED", "REMOVED", "CHANGED"], ...rows]);
  yield* endLines(report);
}

function* aligned(rows: readonly (readonly string[])[]): Iterable<MarkedLine> {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  for (const row of rows) {
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    yield { mark: "plain", text: text.trimEnd() };
  }
}
