import type { LimitsConfig } from "@kubeferry/shared-config";
import { BackupError } from "./backup-error.ts";

/** What a run may still take. */
export interface Quota {
  /** Aborted as soon as a limit is reached: lists that are under way end. */
  readonly signal: AbortSignal;
  /** Which limit was reached, for people; undefined while none was. */
  readonly reached: string | undefined;
  /** Counts objects before they are taken. @throws BackupError "quota" when that is too many, or too much */
  count(objects: number, bytes: number): void;
  /** Stops the clock. */
  end(): void;
}

/** Starts counting and, with `maxDuration`, the clock. */
export function startQuota({ maxObjects, maxBytes, maxDurationMs }: LimitsConfig): Quota {
  const controller = new AbortController();
  const used = { objects: 0, bytes: 0 };
  const state: { reached: string | undefined } = { reached: undefined };
  const reach = (what: string): void => {
    state.reached ??= what;
    controller.abort();
  };
  const timer =
    maxDurationMs === undefined
      ? undefined
      : setTimeout(() => reach(`limits.maxDuration (${maxDurationMs / 1000} s) was reached`), maxDurationMs);
  return {
    signal: controller.signal,
    get reached() {
      return state.reached;
    },
    count(objects, bytes) {
      used.objects += objects;
      used.bytes += bytes;
      if (maxObjects !== undefined && used.objects > maxObjects) {
        reach(`limits.maxObjects (${maxObjects}) was reached`);
      }
      if (maxBytes !== undefined && used.bytes > maxBytes) reach(`limits.maxBytes (${maxBytes} bytes) was reached`);
      if (state.reached !== undefined) throw quotaReached(state.reached);
    },
    end: () => clearTimeout(timer),
  };
}

function quotaReached(problem: string): BackupError {
  return new BackupError({ kind: "quota", who: "backup", operation: "collect the cluster", problem });
}
