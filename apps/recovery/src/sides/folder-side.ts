import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseYamlStream } from "@kubeferry/clean";
import type { KustomizeProgram } from "@kubeferry/kustomize";
import { folderFiles, parseFile } from "@kubeferry/layout";
import { type Call, isJsonObject, type JsonObject, type JsonValue, textAt } from "@kubeferry/model";
import { withoutSyncMarks } from "../drift/sync-marks.ts";
import { RecoveryError } from "../recovery-error.ts";
import { type FilesOptions, type FilesSide, filesSide } from "./files-side.ts";
import { buildKustomization } from "./kustomize-program.ts";
import type { ComparedType } from "./side.ts";

/**
 * What it means that an object is in no file. "unknown": nothing, files hold a part of a cluster. "in-its-namespaces":
 * it is not wanted where the files speak of its namespace; of what has none nothing is known. "anywhere": not wanted.
 */
export type AbsenceInFiles = "unknown" | "in-its-namespaces" | "anywhere";

/** A folder that is compared. */
export interface FolderSideOptions {
  /** Absolute. */
  readonly folder: string;
  readonly description: string;
  /** The types of the other side: which plural a kind has, and where its objects lie. */
  readonly served: readonly ComparedType[];
  readonly absence: AbsenceInFiles;
  /** Asked only for a folder that has to be built. */
  readonly kustomize: () => Promise<KustomizeProgram>;
}

/**
 * The objects of a folder: what its kustomization builds, else those of every YAML and JSON file below it. Argo CD's
 * marks are not looked at.
 * @returns close it when it was read
 * @throws RecoveryError "incomparable" for what cannot be built or read, for a folder without objects, and for one that
 *   only holds kustomizations further below: which one is meant nobody can guess
 */
export async function folderSide(options: FolderSideOptions, call: Call): Promise<FilesSide> {
  const namespaces = new Set<string>();
  const side = await filesSide({ ...options, ...knowing(options.absence, namespaces) });
  try {
    let count = 0;
    for await (const { path, value } of valuesIn(options, call)) {
      const object = objectIn(value);
      if (object === undefined) continue;
      checkNamespace(object, path, options);
      if (await side.add(withoutSyncMarks(object))) count++;
      namespaces.add(textAt(object, "metadata", "namespace") ?? "");
    }
    if (count === 0) throw incomparable(options, "there is no object in it", "name a folder that holds objects");
    return side;
  } catch (error) {
    await side.close();
    throw error;
  }
}

function knowing(
  absence: AbsenceInFiles,
  namespaces: ReadonlySet<string>,
): Pick<FilesOptions, "knowsAbsent" | "leftOut"> {
  if (absence === "anywhere") return { knowsAbsent: () => true, leftOut: () => undefined };
  if (absence === "unknown") return { knowsAbsent: () => false, leftOut: () => NONE_OF_IT };
  return {
    knowsAbsent: ({ namespaced }, key) => namespaced && namespaces.has(key.slice(0, key.indexOf("/"))),
    leftOut: ({ namespaced }) => (namespaced ? undefined : NONE_OF_IT),
  };
}

const NONE_OF_IT = "no file holds one";

interface FileValue {
  /** Where it stands, for people. */
  readonly path: string;
  readonly value: JsonValue;
}

async function* valuesIn(options: FolderSideOptions, call: Call): AsyncIterable<FileValue> {
  if ((await namesIn(options)).some(isKustomization)) {
    const text = await buildKustomization(await options.kustomize(), options.folder, call);
    for (const value of parseYamlStream(text)) yield { path: "what the kustomization builds", value };
    return;
  }
  for await (const file of folderFiles(options.folder, options.description).list(call)) {
    if (isKustomization(basename(file.path))) throw severalBelow(options, file.path);
    const bytes = await file.read(call);
    const values = "problem" in bytes ? bytes : parseFile(file.path, bytes);
    if ("problem" in values) {
      if ("empty" in values) continue;
      throw incomparable(options, `${JSON.stringify(file.path)}: ${values.problem}`, "repair it, or move it elsewhere");
    }
    for (const value of values) yield { path: file.path, value };
  }
}

/** Files of other programs lie among them: values of a chart, settings. Those name no kind. */
function objectIn(value: JsonValue): JsonObject | undefined {
  return isJsonObject(value) && textAt(value, "metadata", "name") !== undefined ? value : undefined;
}

/** Which namespace such an object comes to lie in is said by who applies it, and not by the file. */
function checkNamespace(object: JsonObject, path: string, options: FolderSideOptions): void {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const type = options.served.find((each) => each.group === group && each.kind === kind);
  if (type?.namespaced !== true || textAt(object, "metadata", "namespace") !== undefined) return;
  const named = `${kind} ${textAt(object, "metadata", "name")} (${path})`;
  throw incomparable(options, `${named} names no namespace`, "write metadata.namespace, or a kustomization with one");
}

function isKustomization(name: string): boolean {
  return name === "kustomization.yaml" || name === "kustomization.yml" || name === "Kustomization";
}

async function namesIn(options: FolderSideOptions): Promise<readonly string[]> {
  try {
    return await readdir(options.folder);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw incomparable(options, `it cannot be listed (${code})`, "look at how its path is written");
  }
}

function severalBelow(options: FolderSideOptions, path: string): RecoveryError {
  const below = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path;
  const problem = "it has no kustomization of its own, and holds some further below";
  return incomparable(options, problem, `name the one that is meant, such as ${join(below)}`);
}

function incomparable({ description }: FolderSideOptions, problem: string, next: string): RecoveryError {
  return new RecoveryError({ kind: "incomparable", who: "kubeferry", operation: `read ${description}`, problem, next });
}
