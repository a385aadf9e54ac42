import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { ResourceType, SecretsMode } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { RenderedFiles } from "../mirror/rendered-files.ts";
import { updateMirror } from "../mirror/update-mirror.ts";
import type { Protection } from "../protection/protection.ts";
import { openSeries } from "../series.ts";
import type { CapturedObject, MirrorView, Snapshot, SnapshotDetails } from "../snapshots.ts";
import type { PruneBeside } from "../writer/run-grace.ts";
import type { Sealing } from "../writer/sealing.ts";
import { createSnapshotWriter } from "../writer/writer.ts";
import { identity, listed, viewOf } from "./cluster.ts";
import { call } from "./stores.ts";

/** One type as a run finds it: its objects, or why it is carried over. */
export type FoundType =
  | { readonly type: ResourceType; readonly objects: readonly CapturedObject[] }
  | { readonly type: ResourceType; readonly carry: "unread" | "filtered" };

/** What differs from an ordinary run. */
export interface RunOptions {
  readonly series?: string;
  readonly view?: MirrorView;
  readonly capture?: string;
  /** Fingerprint of the API; "" where it could not be read. */
  readonly api?: string;
  readonly secrets?: SecretsMode;
  readonly runId?: string;
  readonly startedAt?: Date;
  readonly reuse?: boolean;
  readonly pruneBeside?: PruneBeside;
  readonly sealing?: Sealing;
  readonly protection?: Protection;
  readonly rendered?: RenderedFiles;
  readonly details?: Partial<SnapshotDetails>;
}

export const DOCUMENTS = {
  discovery: '{"api":{},"apis":{}}',
  openapi: { "/openapi/v3/api/v1": '{"openapi":"3.0.0"}' },
};

/** What the end of a run knows. */
export function detailsOf(options: RunOptions = {}): SnapshotDetails {
  return {
    cluster: identity,
    runId: options.runId ?? randomUUID(),
    startedAt: options.startedAt ?? new Date("2026-11-21T06:00:00Z"),
    finishedAt: new Date("2026-11-21T06:00:05Z"),
    toolVersion: "0.1.0",
    rulesVersion: "1",
    secrets: options.secrets ?? "withhold",
    skipped: [],
    failures: [],
    ...options.details,
  };
}

/** Takes a snapshot of what is found, as a backup run does. */
export async function takeSnapshot(
  store: ObjectStore,
  found: readonly FoundType[],
  options: RunOptions = {},
): Promise<Snapshot> {
  const series = options.series ?? "default";
  const writer = createSnapshotWriter({
    store,
    series,
    parent: await openSeries(store, series, options.protection).newest(call),
    view: options.view ?? viewOf("view-1"),
    capture: options.capture ?? "capture-1",
    uploads: 4,
    sealing: options.sealing,
    protection: options.protection,
    rendered: options.rendered,
    ...(options.reuse === undefined ? {} : { reuse: options.reuse }),
    ...(options.pruneBeside === undefined ? {} : { pruneBeside: options.pruneBeside }),
  });
  await writer.setApi(options.api ?? "api-1", async () => DOCUMENTS, call);
  for (const part of found) {
    if ("carry" in part) writer.carryType(part.type, { status: part.carry, reason: "forbidden" });
    else await writer.addType(part.type, listed(part.objects), () => ({ revision: "900", consistent: true }), call);
  }
  return writer.commit(detailsOf(options), call);
}

/** Brings the mirror up to date, as a run does after its commit. */
export function mirror(store: ObjectStore, options: Pick<RunOptions, "series" | "view" | "rendered"> = {}) {
  const series = openSeries(store, options.series ?? "default");
  const { view = viewOf("view-1"), rendered } = options;
  return updateMirror({ store, series, view, rendered, concurrency: 4 }, call);
}

/** What stands for the line of an object that cannot be opened. */
export const SEALED = "(encrypted)";

/** Type and key of every object in a snapshot → its line. */
export async function contentOf(snapshot: Snapshot): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for await (const object of snapshot.objects(() => true, call)) {
    const name = `${object.type.resource} ${object.key}`;
    content[name] = object.readable ? object.line.toString("utf8") : SEALED;
  }
  return content;
}

/** Every key of a store below a prefix → its bytes. */
export async function filesIn(store: ObjectStore, prefix = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of store.list(prefix, {}, call)) {
    if (entry.type === "object") files[entry.object.key] = (await bytesAt(store, entry.object.key)).toString("latin1");
  }
  return files;
}

/** The mirror's files, without what this project keeps for itself. */
export async function mirrorFiles(store: ObjectStore): Promise<Record<string, string>> {
  const files = Object.entries(await filesIn(store)).filter(([name]) => !name.startsWith("_snapshots/"));
  return Object.fromEntries(files.filter(([name]) => name !== "_mirror.json"));
}

/** The bytes of one key. */
export async function bytesAt(store: ObjectStore, name: string): Promise<Buffer> {
  const found = await store.get(name, call);
  if (found === undefined) throw new Error(`${name} is missing`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
