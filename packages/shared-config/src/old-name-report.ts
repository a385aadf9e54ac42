import type { OldNameUse } from "./part.ts";
import { type Origin, originText } from "./sourced.ts";

/** What became of one old name that was written. Holds no value. */
export interface OldName {
  /** "backup.behavior.batch_size", "filtering-mode", "MAX_CONCURRENT". */
  readonly name: string;
  /** Where it was written: "kubeferry.yaml:4". */
  readonly source: string;
  /** "read": as our keys. "always so": it asks for what is always done. "not used": the note says why. */
  readonly outcome: "read" | "always so" | "not used";
  /** Our keys that it was read as. */
  readonly keys: readonly string[];
  /** Why it is not used, or how it was read; "" when `keys` says all. */
  readonly note: string;
}

/** Those in files and folders, and the variables that are not used: one that is used stands as the origin of its value. */
export function oldNamesOf(uses: readonly OldNameUse[]): readonly OldName[] {
  return uses
    .filter(({ origin, keys }) => origin.kind !== "environment" || keys.length === 0)
    .map((use) => ({
      name: use.old,
      source: originText(use.origin),
      outcome: outcomeOf(use),
      keys: use.keys,
      note: use.note,
    }));
}

function outcomeOf({ keys, level }: OldNameUse): OldName["outcome"] {
  if (keys.length > 0) return "read";
  return level === "quiet" ? "always so" : "not used";
}

/** What is not used, one sentence for each place and reason. */
export function noticesOf(uses: readonly OldNameUse[], level: "notice" | "warning"): readonly string[] {
  const groups = new Map<string, { place: string; note: string; names: string[] }>();
  for (const use of uses.filter((each) => each.level === level)) {
    const place = placeOf(use.origin);
    const group = groups.get(JSON.stringify([place, use.note])) ?? { place, note: use.note, names: [] };
    group.names.push(use.old);
    groups.set(JSON.stringify([place, use.note]), group);
  }
  return [...groups.values()].map(
    ({ place, note, names }) => `config: ${[...new Set(names)].join(", ")} set in ${place} and not used: ${note}`,
  );
}

function placeOf(origin: Origin): string {
  switch (origin.kind) {
    case "file":
      return origin.file;
    case "folder":
      return `folder ${origin.folder}`;
    case "environment":
      return "the environment";
    case "flag":
      return "flags";
    default:
      return origin satisfies never;
  }
}
