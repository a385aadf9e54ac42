import { at, type Call, isJsonObject, type JsonValue, type ResourceType, textAt } from "@kubeferry/model";
import { sha256Of } from "../../content.ts";
import { type GitRef, refId, refTitle } from "../../git-ref.ts";
import { envelopeProblem, nameProblem } from "../../validate/envelope.ts";
import { parseFile } from "./parse-file.ts";
import { pathContradiction, stampOf } from "./path-claims.ts";
import type { TreeFile, TreeFiles } from "./tree-files.ts";
import { type DefinedType, definitionIn, type SaidType, typeInTree } from "./tree-types.ts";

/** An object of a file. */
interface IndexedObject {
  readonly type: ResourceType;
  readonly ref: GitRef;
  /** Its number among the values of its file. */
  readonly number: number;
  /** Why it is not read, as half a sentence. */
  readonly problem?: string;
}

/** A file that has objects. */
export interface IndexedFile {
  readonly file: TreeFile;
  readonly sha256: string;
  readonly objects: readonly IndexedObject[];
}

/** What a tree holds: one line an object, none of their content. */
export interface TreeIndex {
  readonly files: readonly IndexedFile[];
  /** Files, and values in them, that are no object. */
  readonly unusable: readonly { readonly object: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** How many contradictions are named before they are only counted. */
const MOST_NAMED = 20;

/**
 * Reads every file of a tree once. Of whole copies that lie beside each other under their time stamps, the newest
 * counts: what only an older one has is gone.
 */
export async function indexTree(tree: TreeFiles, call: Call): Promise<TreeIndex> {
  const { files, older } = await newestFiles(tree, call);
  const unusable: { object: string; reason: string }[] = [];
  const defined = new Map<string, DefinedType>();
  const found: FoundFile[] = [];
  for (const file of files) {
    call.signal.throwIfAborted();
    const bytes = await file.read(call);
    const values = "problem" in bytes ? bytes : parseFile(file.path, bytes);
    if ("problem" in values || "problem" in bytes) {
      const { problem } = values as { problem: string };
      unusable.push({ object: fileTitle(file), reason: problem });
      continue;
    }
    const objects = values.map((value, number) => readValue(value, number, defined));
    for (const each of objects) if ("reason" in each) unusable.push({ object: fileTitle(file), reason: each.reason });
    const said = objects.filter((each): each is SaidObject => !("reason" in each));
    if (said.length > 0) found.push({ file, sha256: sha256Of(bytes), said, alone: values.length === 1 });
  }
  const indexed = found.map((each) => indexFile(each, defined));
  const stamps = older === 0 ? [] : [`${older} files of older time stamps than the newest are not read`];
  return { files: withoutTwins(indexed), unusable, warnings: [...stamps, ...contradictions(found, indexed)] };
}

interface FoundFile {
  readonly file: TreeFile;
  readonly sha256: string;
  readonly said: readonly SaidObject[];
  readonly alone: boolean;
}

/** What one value says of itself, before all definitions are known. */
interface SaidObject {
  readonly number: number;
  readonly said: SaidType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly problem: string | undefined;
}

async function newestFiles(
  tree: TreeFiles,
  call: Call,
): Promise<{ readonly files: readonly TreeFile[]; readonly older: number }> {
  const all: TreeFile[] = [];
  const newest = new Map<string, string>();
  for await (const file of tree.list(call)) {
    all.push(file);
    const stamped = stampOf(file.path);
    if (stamped !== undefined && stamped.stamp > (newest.get(stamped.above) ?? "")) {
      newest.set(stamped.above, stamped.stamp);
    }
  }
  const files = all.filter(({ path }) => {
    const stamped = stampOf(path);
    return stamped === undefined || newest.get(stamped.above) === stamped.stamp;
  });
  return { files, older: all.length - files.length };
}

function readValue(
  value: JsonValue,
  number: number,
  defined: Map<string, DefinedType>,
): SaidObject | { readonly reason: string } {
  if (!isJsonObject(value)) return { reason: "it holds something that is no object" };
  const apiVersion = textAt(value, "apiVersion");
  const kind = textAt(value, "kind");
  const name = textAt(value, "metadata", "name");
  const namespace = at(value, "metadata", "namespace") ?? undefined;
  if (apiVersion === undefined || kind === undefined)
    return { reason: "it holds something without apiVersion and kind" };
  if (name === undefined) return { reason: "it holds an object without a name" };
  if (namespace !== undefined && typeof namespace !== "string")
    return { reason: "it holds a namespace that is no text" };
  const slash = apiVersion.indexOf("/");
  const said = { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1), kind };
  const type = typeInTree(said, namespace, new Map());
  const names = { name, ...(namespace === undefined || namespace === "" ? {} : { namespace }) };
  const problem = nameProblem(type, names);
  if (problem !== undefined) return { reason: `it holds an object that cannot be one: ${problem}` };
  const broken = envelopeProblem(value, type, names);
  const definition = definitionIn(value);
  if (definition !== undefined) defined.set(...definition);
  return { number, said, namespace: names.namespace, name, problem: broken };
}

function indexFile({ file, sha256, said }: FoundFile, defined: ReadonlyMap<string, DefinedType>): IndexedFile {
  return { file, sha256, objects: said.map((each) => indexObject(each, file, defined)) };
}

/** Namespace, kind and name are the object's own, whatever its path says. */
function indexObject(
  { number, said, namespace, name, problem }: SaidObject,
  { path }: TreeFile,
  defined: ReadonlyMap<string, DefinedType>,
): IndexedObject {
  const type = typeInTree(said, namespace, defined);
  const { group, resource, kind } = type;
  // In the order in which ownership files give it back: equal references give equal bytes.
  const ref: GitRef = { group, resource, kind, ...(namespace === undefined ? {} : { namespace }), name };
  const wrong = problem ?? nameProblem(type, ref) ?? scopeProblem(type, namespace, path);
  return { type, ref, number, ...(wrong === undefined ? {} : { problem: wrong }) };
}

function scopeProblem(
  { kind, namespaced }: ResourceType,
  namespace: string | undefined,
  path: string,
): string | undefined {
  if (namespaced && namespace === undefined)
    return `a ${kind} has a namespace, and the one in ${shown(path)} names none`;
  if (!namespaced && namespace !== undefined)
    return `a ${kind} has no namespace, and the one in ${shown(path)} names one`;
  return undefined;
}

/** An object in two places could be either; both are named, and neither is taken. */
function withoutTwins(files: readonly IndexedFile[]): readonly IndexedFile[] {
  const places = new Map<string, string[]>();
  for (const { file, objects } of files) {
    for (const { ref } of objects) places.set(refId(ref), [...(places.get(refId(ref)) ?? []), shown(file.path)]);
  }
  return files.map((each) => ({
    ...each,
    objects: each.objects.map((object) => {
      const all = places.get(refId(object.ref)) ?? [];
      return all.length === 1
        ? object
        : { ...object, problem: `it is there more than once: ${all.slice(0, 4).join(", ")}` };
    }),
  }));
}

function contradictions(found: readonly FoundFile[], indexed: readonly IndexedFile[]): readonly string[] {
  const all = indexed.flatMap(({ file, objects }, index) =>
    objects.flatMap(({ ref, type }) => {
      const said = pathContradiction(file.path, ref, type, found[index]?.alone === true);
      return said === undefined ? [] : [`${shown(file.path)} holds ${refTitle(ref)}, and its path says ${shown(said)}`];
    }),
  );
  const more = all.length - MOST_NAMED;
  return more <= 0 ? all : [...all.slice(0, MOST_NAMED), `and ${more} more files whose path says something else`];
}

function fileTitle({ path }: TreeFile): string {
  return `file ${shown(path)}`;
}

/** A stranger's path in a sentence. */
function shown(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}]/gu, "?").slice(0, 300);
}
