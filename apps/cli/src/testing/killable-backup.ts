// Runs one backup and ends its own process, as `kill -9` would, around the k-th request to the store.
// Arguments: configuration file, k, "before" or "after".
import { runTestBackup } from "./run-backup.ts";

const [file = "", k = "", phase = ""] = process.argv.slice(2);
const counted = { before: 0, after: 0 };

await runTestBackup(file, process.env, (event) => {
  counted[event.phase]++;
  if (event.phase === phase && counted[event.phase] === Number(k)) process.kill(process.pid, "SIGKILL");
});
