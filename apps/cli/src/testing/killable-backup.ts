// Runs one backup and ends its own process, as `kill -9` would, around one request to the store.
// Arguments: configuration file, and of the request its kind, which of that kind, "before" or "after"; without them the
// run goes to its end.
import type { StoreHook } from "@kubeferry/object-store";
import { requestKind } from "./death-points.ts";
import { runTestBackup } from "./run-backup.ts";

const [file = "", kind = "", nth = "", phase = ""] = process.argv.slice(2);
const counted = { before: 0, after: 0 };

// The next run waits so long before it takes over.
const LEASE_TTL_MS = 500;
const hook: StoreHook = (event) => {
  if (requestKind(event) !== kind) return;
  counted[event.phase]++;
  if (event.phase === phase && counted[event.phase] === Number(nth)) process.kill(process.pid, "SIGKILL");
};
await runTestBackup(file, process.env, hook, LEASE_TTL_MS);
