import { type JsonObject, type JsonValue, parseJson, splitObjectKey } from "@kubeferry/model";
import type { SnapshotObject } from "@kubeferry/snapshot";
import { envelopeProblem, nameProblem } from "../validate/envelope.ts";
import type { OnBroken, ReadObject } from "./source.ts";

/**
 * One object of a snapshot, parsed.
 * @param source `Source.id`
 * @returns undefined for what is not the object that it should be; `onBroken` is told why
 */
export function readObject(source: string, read: SnapshotObject, onBroken: OnBroken): ReadObject | undefined {
  const { type, key } = read;
  const ref = {
    group: type.group,
    resource: type.resource,
    kind: type.kind,
    ...splitObjectKey(key, type.namespaced),
  };
  const named = { source, type, ref };
  const content = read.readable ? parsed(read.line.toString("utf8")) : undefined;
  const problem = nameProblem(type, ref) ?? (content && (content.problem ?? envelopeProblem(content.value, type, ref)));
  if (problem !== undefined) {
    onBroken(ref, problem);
    return undefined;
  }
  if (!read.readable || content === undefined) return { ...named, sealed: true };
  return { ...named, sealed: false, object: content.value as JsonObject, wasSealed: read.wasSealed };
}

function parsed(line: string): { readonly value: JsonValue; readonly problem?: string } {
  try {
    return { value: parseJson(line) };
  } catch (error) {
    // A RangeError: nested so deeply that the parser's own stack ends.
    if (error instanceof SyntaxError || error instanceof RangeError) return { value: null, problem: "it is no JSON" };
    throw error;
  }
}
