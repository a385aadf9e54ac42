import type { ServedRun } from "./runs-document.ts";

const KEPT = 50;

/** The last runs. */
export interface RunHistory {
  add(run: ServedRun): void;
  /** Says more of the run that was added last. */
  update(more: Partial<ServedRun>): void;
  /** The newest first. */
  list(): readonly ServedRun[];
}

export function createRunHistory(): RunHistory {
  const runs: ServedRun[] = [];
  return {
    add(run) {
      runs.unshift(run);
      runs.splice(KEPT);
    },
    update(more) {
      const [newest] = runs;
      if (newest !== undefined) runs[0] = { ...newest, ...more };
    },
    list: () => [...runs],
  };
}
