/** A line of one text, of the other, or of both. */
export interface Edit {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/** With more lines changed than this the shortest way is no longer looked for: its cost grows with their square. */
const MOST_EDITS = 1_000;

/**
 * The lines that lead from one text to another: the fewest, as long as they are not many.
 * @see Myers, An O(ND) Difference Algorithm and Its Variations
 */
export function lineEdits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  return [
    ...marked(" ", before.slice(0, start)),
    ...(shortestEdits(left, right) ?? [...marked("-", left), ...marked("+", right)]),
    ...marked(" ", before.slice(before.length - end)),
  ];
}

function marked(mark: Edit["mark"], lines: readonly string[]): Edit[] {
  return lines.map((line) => ({ mark, line }));
}

/** @returns undefined when it takes more than `MOST_EDITS` */
function shortestEdits(before: readonly string[], after: readonly string[]): readonly Edit[] | undefined {
  const most = Math.min(before.length + after.length, MOST_EDITS);
  // How far each diagonal (lines of `before` less lines of `after`) has come, and that after every step.
  const far = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits++) {
    steps.push(new Map(far));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = takesDown(far, diagonal, edits) ? reached(far, diagonal + 1) : reached(far, diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      far.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return wayBack(steps, before, after);
    }
  }
  return undefined;
}

function wayBack(
  steps: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  const back = (mark: Edit["mark"]) => {
    if (mark !== "+") x--;
    if (mark !== "-") y--;
    edits.push({ mark, line: (mark === "+" ? after[y] : before[x]) ?? "" });
  };
  for (const [step, far] of [...steps.entries()].reverse()) {
    const down = takesDown(far, x - y, step);
    const fromX = reached(far, x - y + (down ? 1 : -1));
    const fromY = fromX - (x - y + (down ? 1 : -1));
    while (x > fromX && y > fromY) back(" ");
    if (step > 0) back(down ? "+" : "-");
  }
  return edits.reverse();
}

function takesDown(far: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && reached(far, diagonal - 1) < reached(far, diagonal + 1);
}

function reached(far: ReadonlyMap<number, number>, diagonal: number): number {
  return far.get(diagonal) ?? 0;
}
