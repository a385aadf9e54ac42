import type { Findings } from "@kubeferry/layout";
import type { LookedAfter } from "@kubeferry/model";

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

/**
 * Other tools' objects can be most of a namespace: then Git holds too little of it to build it anew.
 * @param shown how a name stands in the text
 * @returns a sentence for each folder of which more is left to others than is in Git
 */
export function emptiedWarnings(
  { leftOut, taken }: Pick<Findings, "leftOut" | "taken">,
  shown: (name: string) => string = (name) => name,
): readonly string[] {
  return [...leftOut].flatMap(([folder, counts]) => {
    // What an owner made comes back with its owner.
    const others = [...counts].filter(([by]) => !by.endsWith("(owner)"));
    const objects = others.reduce((sum, [, number]) => sum + number, 0);
    if (objects <= (taken.get(folder) ?? 0)) return [];
    return [`over half of ${shown(folder)} is looked after by others: ${others.map(([by]) => shown(by)).join(", ")}`];
  });
}
