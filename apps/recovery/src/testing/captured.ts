import { Buffer } from "node:buffer";
import { type JsonObject, objectKey } from "@kubeferry/model";
import type { ReadableObject, TypeEntry } from "@kubeferry/snapshot";

/** An object as a reader of a snapshot gets it, of a type that is read; uid and resourceVersion are put in. */
export function captured(
  type: Pick<TypeEntry, "group" | "version" | "resource" | "kind"> & { readonly namespaced?: boolean },
  object: JsonObject,
): ReadableObject {
  const { namespaced = true, ...named } = type;
  const metadata = { uid: "u-1", resourceVersion: "1", ...(object.metadata as JsonObject) };
  const { name, namespace } = metadata as unknown as { readonly name: string; readonly namespace?: string };
  const apiVersion = named.group === "" ? named.version : `${named.group}/${named.version}`;
  const line = Buffer.from(JSON.stringify({ kind: named.kind, apiVersion, ...object, metadata }));
  return {
    type: {
      ...named,
      namespaced,
      verbs: ["get", "list", "create", "patch"],
      captured: { status: "read", revision: "1", consistent: true },
      objects: 1,
      segments: [],
    },
    key: objectKey(namespace, name),
    readable: true,
    line,
    wasSealed: false,
  };
}
