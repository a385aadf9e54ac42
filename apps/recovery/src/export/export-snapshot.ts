import { CleanError, type Cleaner, emitYaml } from "@kubeferry/clean";
import { type Call, compareUtf8, type Failure, type JsonObject, typeName } from "@kubeferry/model";
import { mirrorKeys, type Snapshot, type SnapshotObject } from "@kubeferry/snapshot";
import type { RestoreFilter } from "../restore/restore-plan.ts";
import { createSelection, type Selection } from "../select/selection.ts";
import type { ExportSink } from "./export-sink.ts";
import { type ExportedView, type NotExported, viewForExport } from "./export-view.ts";
import { createKustomizations } from "./kustomizations.ts";
import { SECRETS_NOTE, type SecretRow, secretsNote } from "./secrets-note.ts";

/** Where objects lie that kustomize cannot carry. No namespace begins with "_". */
const BESIDE_FOLDER = "_beside";

/** What is exported, and how. */
export interface ExportOptions {
  readonly snapshot: Snapshot;
  readonly cleaner: Cleaner;
  readonly filter: RestoreFilter;
  /** "include": values of Secrets, and of what else was encrypted, are written where there is a way to read them. */
  readonly secrets: "list" | "include";
}

/** What became of an export. Names only. */
export interface ExportReport {
  /** Objects that the kustomization carries. */
  readonly objects: number;
  /** CustomResourceDefinitions among them: with any, two applies are needed. */
  readonly definitions: number;
  /** Written, and to be applied by themselves, because kustomize would change or lose them. */
  readonly beside: readonly NotExported[];
  /** Secrets and encrypted objects that were not written, and why. */
  readonly secrets: readonly SecretRow[];
  /** Whose values are in the export. */
  readonly secretsIncluded: number;
  /** Objects that the cluster makes by itself, by the rule that says so. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Types of which the snapshot holds an earlier state, because they could not be read. */
  readonly unread: readonly string[];
  /** Entries of the filter that fitted nothing, as sentences. */
  readonly idle: readonly string[];
  /** Objects that could not be written as YAML; all others are there. */
  readonly failures: readonly Failure[];
}

interface Gathered {
  readonly beside: NotExported[];
  readonly secrets: SecretRow[];
  readonly leftOut: Map<string, number>;
  readonly failures: Failure[];
  secretsIncluded: number;
}

/**
 * Writes the objects of a snapshot as clean YAML, one file an object, with a kustomization over them that
 * `kubectl apply -k` takes. Equal snapshots and settings give equal files. Holds one object and the names of files.
 * @throws SnapshotError "damaged" when the snapshot cannot be read to its end; what the sink throws
 */
export async function exportSnapshot(options: ExportOptions, sink: ExportSink, call: Call): Promise<ExportReport> {
  const { snapshot } = options;
  const keys = mirrorKeys();
  const selection = createSelection(options.filter);
  const kustomizations = createKustomizations();
  const gathered: Gathered = { beside: [], secrets: [], leftOut: new Map(), failures: [], secretsIncluded: 0 };
  for await (const object of snapshot.objects(selection.takesType, call)) {
    call.signal.throwIfAborted();
    if (!isSelected(object, selection)) continue;
    const path = keys.of(object.type, object.key);
    const file = fileOf(object, path, options, gathered);
    if (file === undefined) continue;
    await sink.put(file.path, file.bytes);
    if (file.carried) kustomizations.add(object.type, path);
  }
  for (const [path, text] of kustomizations.files()) await sink.put(path, Buffer.from(text, "utf8"));
  if (gathered.secrets.length > 0) await sink.put(SECRETS_NOTE, Buffer.from(secretsNote(gathered.secrets), "utf8"));
  const { objects, definitions } = kustomizations.counts();
  const { leftOut, ...rest } = gathered;
  return {
    objects,
    definitions,
    ...rest,
    leftOut: sorted(leftOut),
    unread: unreadTypes(snapshot, selection),
    idle: selection.idle(),
  };
}

interface ExportedFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** Whether the kustomization names it. */
  readonly carried: boolean;
}

/** @returns undefined for an object that has no file; what became of it is noted */
function fileOf(
  object: SnapshotObject,
  path: string,
  options: ExportOptions,
  gathered: Gathered,
): ExportedFile | undefined {
  const name = `${typeName(object.type)} ${object.key}`;
  try {
    const view = viewForExport(object, options);
    switch (view.kind) {
      case "object":
        return written(view, path, gathered);
      case "beside": {
        const file = written(view, `${BESIDE_FOLDER}/${path}`, gathered);
        gathered.beside.push({ object: name, reason: view.reason });
        return file;
      }
      case "secret":
        gathered.secrets.push({ object: name, keys: view.keys, reason: view.reason });
        return undefined;
      case "left-out":
        gathered.leftOut.set(view.reason, (gathered.leftOut.get(view.reason) ?? 0) + 1);
        return undefined;
      default:
        return view satisfies never;
    }
  } catch (error) {
    if (!(error instanceof CleanError)) throw error;
    gathered.failures.push({ target: name, kind: error.kind, message: error.message });
    return undefined;
  }
}

function written(
  view: { readonly kind: ExportedView["kind"]; readonly object: JsonObject; readonly secret: boolean },
  path: string,
  gathered: Gathered,
): ExportedFile {
  const bytes = Buffer.from(emitYaml(view.object), "utf8");
  if (view.secret) gathered.secretsIncluded++;
  return { path, bytes, carried: view.kind === "object" };
}

/** Of what is encrypted, and not to be opened here, only the name can be asked. */
function isSelected(object: SnapshotObject, selection: Selection): boolean {
  const { type, key } = object;
  return object.readable ? selection.takes(type, key, object.line) : selection.takesKey(type, key);
}

function unreadTypes({ manifest }: Snapshot, { takesType }: Selection): string[] {
  return manifest.types.filter((type) => type.captured.status === "unread" && takesType(type)).map(typeName);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([left], [right]) => compareUtf8(left, right)));
}
