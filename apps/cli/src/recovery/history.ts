import { createCleaner, emitJson } from "@kubeferry/clean";
import { type Call, type JsonObject, KubeferryError, objectKey, typeName } from "@kubeferry/model";
import { type ComparedType, findType, type HistoryEvent, historyText, objectHistory } from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";
import { ExitCode } from "../exit-code.ts";
import { note, printRaw } from "../present/print.ts";
import { type ColorChoice, printLines } from "../present/print-lines.ts";
import type { ClusterSnapshots } from "../snapshots/find-cluster.ts";
import { type SnapshotsArguments, withSnapshots } from "../snapshots/with-snapshots.ts";

/** What `kubeferry history` is asked. */
export interface HistoryArguments extends SnapshotsArguments {
  readonly object: string;
  readonly namespace?: string;
  readonly limit?: number;
  readonly color: ColorChoice;
}

/** "usage": a name that names no object. */
class ObjectNameError extends KubeferryError<"usage"> {}

/** Prints the history of one object. @returns 2 when no snapshot has it */
export function runHistory(args: HistoryArguments): Promise<number> {
  return withSnapshots(args, async (found, call, config) => {
    const newest = await found.series.newest(call);
    if (newest === undefined) {
      note(`${found.cluster} has no snapshot yet; run \`kubeferry backup\``);
      return ExitCode.couldNotRun;
    }
    const [word, name] = parse(args.object);
    const type = await findType(word, newest, call);
    const { events, title } = await tell(args, { found, type, name, config }, call);
    if (events.length === 0) note(`no snapshot of ${found.cluster} has ${title}`);
    else await printHistory(events, { cluster: found.cluster, object: title }, args);
    return events.length === 0 ? ExitCode.couldNotRun : ExitCode.done;
  });
}

async function tell(
  { namespace, limit }: HistoryArguments,
  {
    found,
    type,
    name,
    config,
  }: {
    readonly found: ClusterSnapshots;
    readonly type: ComparedType;
    readonly name: string;
    readonly config: Config;
  },
  call: Call,
): Promise<{ readonly events: readonly HistoryEvent[]; readonly title: string }> {
  if (type.namespaced && namespace === undefined) {
    throw refused(`${typeName(type)} lie in namespaces`, "name one: -n <namespace>");
  }
  const key = objectKey(type.namespaced ? namespace : undefined, name);
  const events: HistoryEvent[] = [];
  const options = { series: found.series, type, key, cleaner: createCleaner(config.clean) };
  for await (const event of objectHistory(options, call)) {
    events.push(event);
    if (limit !== undefined && events.length > limit) events.shift();
  }
  return { events, title: `${typeName(type)} ${key}` };
}

async function printHistory(
  events: readonly HistoryEvent[],
  { cluster, object }: { readonly cluster: string; readonly object: string },
  { output, color }: HistoryArguments,
): Promise<void> {
  if (output === "json") printRaw(emitJson({ cluster, object, events: events as unknown as JsonObject[] }));
  else await printLines(historyText(events), color);
}

function parse(object: string): readonly [word: string, name: string] {
  const slash = object.indexOf("/");
  const [word, name] = [object.slice(0, slash), object.slice(slash + 1)];
  if (slash <= 0 || name === "") throw refused(`${JSON.stringify(object)} is no <type>/<name>`, "write deployment/web");
  return [word, name];
}

function refused(problem: string, next: string): ObjectNameError {
  return new ObjectNameError({ kind: "usage", who: "kubeferry", operation: "choose an object", problem, next });
}
