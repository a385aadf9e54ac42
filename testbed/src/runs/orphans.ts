import { isLeftBehind, listRuns, ownerOf, type Run } from "./run.ts";

/** @returns the test runs whose process died without ending them. */
export function listOrphans(home: string): Run[] {
  return listRuns(home).filter((run) => ownerOf(run)?.kind === "tests" && isLeftBehind(run));
}
