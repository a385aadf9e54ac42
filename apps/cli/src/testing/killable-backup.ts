// Runs one backup and ends its own process, as `kill -9` would, around the k-th request to the store.
// Arguments: configuration file, k, "before" or "after".
import type { StoreHook } from "@kubeferry/object-store";
import { runTestBackup } from "./run-backup.ts";

const [file = "", k = "", phase = ""] = process.argv.slice(2);
const counted = { before: 0, after: 0 };

// The next run waits so long before it takes over.
const LEASE_TTL_MS = 500;
const hook: StoreHook = (event) => {
  // Renewals come by the clock; whatever they stand between is counted.
  if (event.key.endsWith("/_lease.json")) return;
  counted[event.phase]++;
  if (event.phase === phase && counted[event.phase] === Number(k)) process.kill(process.pid, "SIGKILL");
};
await runTestBackup(file, process.env, hook, LEASE_TTL_MS);
