import { type BackupCompleted, completedEvent } from "../backup-completed.ts";

/** What the backup of a small cluster says. */
export const COMPLETED: BackupCompleted = {
  format: 1,
  cluster: "crc.testing/wrl62",
  series: "default",
  snapshot: "backups/crc.testing/wrl62/_snapshots/default/0000000042.json",
  sequence: 42,
  status: "complete",
  runId: "5e0c5f7a-6f0e-4c3e-9df3-8ad6b0f2c9b1",
  finishedAt: "2026-03-01T02:00:07.250Z",
  objects: 1204,
  changed: 3,
  removed: 1,
};

/** The event around it. */
export const EVENT = completedEvent(COMPLETED, {
  id: "2f1d6f3c-0c1e-4f6e-8a52-6f5f0f6f2c11",
  now: new Date("2026-03-01T02:00:07.500Z"),
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
});
