/** A bounded number of tasks that run while their starter goes on. */
export interface InFlight {
  /** Waits for a free place, then starts the task and returns. @throws what an earlier task threw */
  start(task: () => Promise<void>): Promise<void>;
  /** Waits until nothing runs any more; tasks that failed are over, too. */
  settle(): Promise<void>;
  /** @throws what the first failed task threw */
  throwIfFailed(): void;
}

/**
 * Keeps at most `limit` tasks running. After one failed, no further one is started. Whoever waits is told by the task that
 * ends: to race all that run would leave something behind in each of them for every task that is started.
 */
export function createInFlight(limit: number): InFlight {
  const failures: unknown[] = [];
  let running = 0;
  let oneEnds = Promise.withResolvers<void>();
  function throwIfFailed(): void {
    if (failures.length > 0) throw failures[0];
  }
  async function run(task: () => Promise<void>): Promise<void> {
    running++;
    try {
      await task();
    } catch (error) {
      failures.push(error);
    }
    running--;
    oneEnds.resolve();
    oneEnds = Promise.withResolvers();
  }
  return {
    async start(task) {
      while (running >= limit) await oneEnds.promise;
      throwIfFailed();
      void run(task);
    },
    async settle() {
      while (running > 0) await oneEnds.promise;
    },
    throwIfFailed,
  };
}
