// Runs one backup and ends its own process, as `kill -9` would, around the k-th request to the store.
// Arguments: configuration file, k (0: never), "before" or "after".
import { runBackup } from "@kubeferry/backup";
import { silentLog } from "@kubeferry/model";
import { observed, type StoreEvent } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";

const [file = "", k = "0", phase = "before"] = process.argv.slice(2);
const { config } = await loadConfig({ files: [file], env: process.env });
const call = { signal: new AbortController().signal, log: silentLog };
const counted = { before: 0, after: 0 };

function hook(event: StoreEvent): void {
  counted[event.phase]++;
  if (event.phase === phase && counted[phase] === Number(k)) process.kill(process.pid, "SIGKILL");
}

const store = observed(await openConfiguredStore(config), hook);
const kube = await connectCluster(config, call);
const options = { config, store, kube, runId: `killed-${k}-${phase}`, toolVersion: "test", now: () => new Date() };
const report = await runBackup(options, call);
await kube.close();
process.stdout.write(JSON.stringify({ requests: counted.after, status: report.status }));
