import type { Findings } from "@kubeferry/layout";
import type { LookedAfter } from "@kubeferry/model";

/** A folder of which more is left to others than is in Git. */
export interface EmptiedFolder {
  readonly folder: string;
  readonly by: readonly string[];
}

/** What others look after and is not in Git, by whom; most objects first. */
export function lookedAfter({ leftOut }: Pick<Findings, "leftOut">): readonly LookedAfter[] {
  const totals = new Map<string, number>();
  for (const counts of leftOut.values()) {
    for (const [by, objects] of counts) totals.set(by, (totals.get(by) ?? 0) + objects);
  }
  return [...totals]
    .map(([by, objects]) => ({ by, objects }))
    .sort((left, right) => right.objects - left.objects || (left.by < right.by ? -1 : 1));
}

/** Other tools' objects can be most of a namespace: then Git holds too little of it to build it anew. */
export function emptiedFolders({ leftOut, taken }: Pick<Findings, "leftOut" | "taken">): readonly EmptiedFolder[] {
  return [...leftOut].flatMap(([folder, counts]) => {
    // What an owner made comes back with its owner.
    const others = [...counts].filter(([by]) => !by.endsWith("(owner)"));
    const objects = others.reduce((sum, [, number]) => sum + number, 0);
    return objects <= (taken.get(folder) ?? 0) ? [] : [{ folder, by: others.map(([by]) => by) }];
  });
}
