import type { Buffer } from "node:buffer";
import { emitYaml, firstDifference, typeOfObject } from "@kubeferry/clean";
import { type JsonObject, type OverlayDifference, textAt } from "@kubeferry/model";
import { type Content, sha256Of } from "../content.ts";
import { refTitle } from "../git-ref.ts";
import { parseObject } from "../parse-object.ts";

/** What came of comparing what an overlay builds. */
export interface Comparison {
  /** Objects that were built. */
  readonly objects: number;
  readonly differences: readonly ObjectDifference[];
}

/** What is wrong with one object, and the first place in which it shows. */
type ObjectDifference = Required<Pick<OverlayDifference, "kind" | "object">> & Pick<OverlayDifference, "path">;

/**
 * Compares what is built with what is to be there, object by object, whatever order they come in. One object at a time
 * is held of either; those that are written byte for byte as they are to be are not parsed a second time.
 * @param wanted what is to be there, each as YAML of one object
 */
export async function compareBuilt(
  built: AsyncIterable<JsonObject>,
  wanted: readonly Content[],
  read: (content: Content) => Promise<Buffer>,
): Promise<Comparison> {
  const pending = new Map(wanted.map((content) => [content.sha256, content]));
  const differences: ObjectDifference[] = [];
  let byId: ReadonlyMap<string, Content> | undefined;
  let objects = 0;
  for await (const object of built) {
    objects += 1;
    if (pending.delete(sha256Of(emitYaml(object)))) continue;
    byId ??= await indexed(pending.values(), read);
    const content = byId.get(idOf(object));
    if (content === undefined || !pending.delete(content.sha256)) {
      differences.push({ kind: "unexpected", object: titleOf(object) });
      continue;
    }
    const difference = firstDifference(parseObject(await read(content)), object);
    if (difference !== undefined) differences.push({ kind: "differs", object: titleOf(object), path: difference.path });
  }
  for (const content of pending.values())
    differences.push({ kind: "missing", object: titleOf(parseObject(await read(content))) });
  return { objects, differences };
}

async function indexed(
  contents: Iterable<Content>,
  read: (content: Content) => Promise<Buffer>,
): Promise<ReadonlyMap<string, Content>> {
  const found = new Map<string, Content>();
  for (const content of contents) found.set(idOf(parseObject(await read(content))), content);
  return found;
}

/** By group, kind, namespace and name: what Kubernetes tells objects apart by. */
function idOf(object: JsonObject): string {
  const { group, kind, namespace = "", name } = namesOf(object);
  return JSON.stringify([group, kind, namespace, name]);
}

function titleOf(object: JsonObject): string {
  return refTitle(namesOf(object));
}

function namesOf(object: JsonObject): Parameters<typeof refTitle>[0] {
  const namespace = textAt(object, "metadata", "namespace");
  return {
    ...typeOfObject(object),
    ...(namespace === undefined ? {} : { namespace }),
    name: textAt(object, "metadata", "name") ?? "",
  };
}
