import { kubeconfigOf, type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import type { Call } from "@kubeferry/model";
import type { Snapshot, SnapshotSeries } from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { note, print, printJson } from "../present/print.ts";
import { snapshotOf } from "../snapshots/moment.ts";
import { type SnapshotsArguments, withSnapshots } from "../snapshots/with-snapshots.ts";
import { BrowseError } from "./browse-error.ts";
import { writeKubeconfig } from "./kubeconfig-file.ts";
import { runWithKubeconfig } from "./run-command.ts";

/** What `kubeferry browse` is asked. */
export type BrowseArguments = SnapshotsArguments & {
  readonly at: string;
  readonly and?: string;
  readonly kubeconfig?: string;
  readonly port: number;
  /** A program and its arguments. */
  readonly "--"?: readonly string[];
};

/**
 * Serves one or two snapshots until it is stopped, or until the command behind `--` has ended.
 * @returns that command's exit code; 0 when it was stopped: there is no other end
 */
export function runBrowse(args: BrowseArguments): Promise<number> {
  return withSnapshots(args, async ({ series, cluster }, call) => {
    const snapshots = await chosen(args, series, call);
    const command = args["--"] ?? [];
    // A command has the terminal to itself, Ctrl-C included: what it asks for must still be answered.
    const serving = command.length === 0 ? call : { ...call, signal: new AbortController().signal };
    const served: Served[] = [];
    try {
      for (const [index, snapshot] of snapshots.entries()) {
        const port = args.port === 0 ? 0 : args.port + index;
        const server = await serve(snapshot, port, serving);
        served.push({ snapshot, server });
      }
      const text = kubeconfigOf(served.map(({ server }) => server.context));
      const file = await writeKubeconfig(text, args.kubeconfig);
      try {
        if (command.length > 0) return await runWithKubeconfig(command, file.path);
        say(args, cluster, served, file.path);
        await stopped(call.signal);
        return ExitCode.done;
      } finally {
        await file.remove();
      }
    } finally {
      for (const { server } of served) await server.close();
    }
  });
}

interface Served {
  readonly snapshot: Snapshot;
  readonly server: ReplayServer;
}

async function chosen(args: BrowseArguments, series: SnapshotSeries, call: Call): Promise<Snapshot[]> {
  const moments = [args.at, ...(args.and === undefined ? [] : [args.and])];
  const snapshots: Snapshot[] = [];
  for (const text of moments) {
    const snapshot = await snapshotOf(series, text, call);
    // Two moments may mean the same snapshot: one context is enough for it.
    if (!snapshots.some(({ key }) => key === snapshot.key)) snapshots.push(snapshot);
  }
  return snapshots;
}

async function serve(snapshot: Snapshot, port: number, call: Call): Promise<ReplayServer> {
  try {
    return await serveSnapshot(snapshot, { port, name: `snapshot-${snapshot.manifest.sequence}` }, call);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall !== "listen") throw cause;
    const problem = `the port cannot be used: ${(cause as NodeJS.ErrnoException).code}`;
    const next = "choose another --port, or leave it out for a free one";
    throw new BrowseError({ kind: "config", operation: `listen on 127.0.0.1:${port}`, problem, next, cause });
  }
}

function say(args: BrowseArguments, cluster: string, served: readonly Served[], path: string): void {
  if (args.output === "json") printJson({ cluster, kubeconfig: path, contexts: served.map(contextRow) });
  else sayToPeople(cluster, served, path);
}

function contextRow({ snapshot: { manifest }, server: { context } }: Served): object {
  const { sequence, finishedAt, complete } = manifest;
  return { name: context.name, server: context.server, sequence, finishedAt, complete };
}

function sayToPeople(cluster: string, served: readonly Served[], path: string): void {
  print(`export KUBECONFIG=${shellWord(path)}`);
  for (const { snapshot, server } of served) {
    const { sequence, finishedAt, complete, objects } = snapshot.manifest;
    const state = complete ? "" : ", partial";
    note(`${server.context.name}: snapshot ${sequence} of ${cluster}, taken ${finishedAt}${state}, ${objects} objects`);
  }
  note("");
  for (const line of toTry(served)) note(line);
  note("Ctrl-C ends it.");
}

function toTry(served: readonly Served[]): string[] {
  const [, second] = served;
  const context = second === undefined ? [] : [`  kubectl --context ${second.server.context.name} get pods -A`];
  return ["Try in another terminal:", "  kubectl get all -A", "  kubectl describe deployment -A", ...context];
}

/** A path as a shell reads it back. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
