import type { Consistency } from "@kubeferry/model";

/** Names that are printed before the rest is counted: after a compaction it can be every type there is. */
const NAMED = 5;

/** Which moments the lists of a snapshot stand for, a line each; nothing where each type is of one moment, as asked. */
export function consistencyLines({ asked, revision, held, exceptions }: Consistency): string[] {
  const types = shortened(exceptions.map(({ resource }) => resource));
  if (asked === "type") return held ? [] : [`of more than one revision in itself: ${types}`];
  if (held) return [`of one moment: all types at revision ${revision}`];
  if (revision === null) return ["not of one moment: no revision could be read, each type is of its own"];
  const reason = exceptions[0]?.reason;
  return [
    `not of one moment: types at revision ${revision}, but ${types}${reason === undefined ? "" : ` (${reason})`}`,
  ];
}

function shortened(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join(", ")} and ${more} more` : names.join(", ");
}
