/** A bounded number of tasks that run while their starter goes on. */
export interface InFlight {
  /** Waits for a free place, then starts the task and returns. @throws what an earlier task threw */
  start(task: () => Promise<void>): Promise<void>;
  /** Waits until nothing runs any more; tasks that failed are over, too. */
  settle(): Promise<void>;
  /** @throws what the first failed task threw */
  throwIfFailed(): void;
}

/** Keeps at most `limit` tasks running. After one failed, no further one is started. */
export function createInFlight(limit: number): InFlight {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  function throwIfFailed(): void {
    if (failures.length > 0) throw failures[0];
  }
  async function run(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      failures.push(error);
    }
  }
  return {
    async start(task) {
      while (running.size >= limit) await Promise.race(running);
      throwIfFailed();
      const promise = run(task).finally(() => running.delete(promise));
      running.add(promise);
    },
    async settle() {
      while (running.size > 0) await Promise.all(running);
    },
    throwIfFailed,
  };
}
