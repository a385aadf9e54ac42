import type { Rehearsal } from "../restore-plan.ts";

/** On every namespace and definition that a drill makes; its value is the run. */
export const DRILL_LABEL = "kubeferry.io/drill";

/** Beside it where a drill leaves what it made, so that no later one takes it away. */
export const KEPT_LABEL = "kubeferry.io/drill-kept";

const RUN = /^(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})z-[0-9a-f]{6}$/;

/** Names a run by its beginning: "20261122t061500z-3f9c2a". @param random six hexadecimal digits */
export function drillRun(startedAt: Date, random: string): string {
  const digits = startedAt.toISOString().replaceAll(/[-:]/g, "").slice(0, 15).toLowerCase();
  return `${digits}z-${random}`;
}

/** When a run began; undefined for a text that names none. */
export function beginOfRun(run: string): Date | undefined {
  const found = RUN.exec(run);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The labels of what a drill makes. */
export function drillLabels({ run, kept }: Pick<Rehearsal, "run" | "kept">): Readonly<Record<string, string>> {
  return { [DRILL_LABEL]: run, ...(kept ? { [KEPT_LABEL]: "true" } : {}) };
}

/** What removes a run by hand. */
export function removalCommand(run: string): string {
  return `kubectl delete namespaces,customresourcedefinitions -l ${DRILL_LABEL}=${run}`;
}
