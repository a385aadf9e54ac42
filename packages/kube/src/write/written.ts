import type { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject, parseJson } from "@kubeferry/model";
import type { Exchanged } from "../http/ask.ts";
import { KubeError } from "../kube-error.ts";
import type { Precondition, Written } from "./kube-writer.ts";

const CREATED = 201;

/** Reads the answer to a write. @throws KubeError "invalid" where it holds no object */
export function writtenOf({ status, warnings, bytes }: Exchanged, operation: string): Written {
  const object = parseObject(bytes, operation);
  const { uid, resourceVersion } = metadataOf(object);
  if (typeof uid !== "string") throw invalid(operation, "the answer names no uid");
  // What a dry run would create has no version yet.
  const version = typeof resourceVersion === "string" ? resourceVersion : "";
  return { object, uid, resourceVersion: version, created: status === CREATED, warnings };
}

/** Parses an object without rounding its integers. @throws KubeError "invalid" */
export function parseObject(bytes: Buffer, operation: string): JsonObject {
  const value = parsed(bytes, operation);
  if (isJsonObject(value)) return value;
  throw invalid(operation, "the answer is no object");
}

function parsed(bytes: Buffer, operation: string) {
  try {
    return parseJson(bytes.toString("utf8"));
  } catch {
    // The parser's words quote the body, so they are not passed on.
    throw invalid(operation, "the answer is no JSON");
  }
}

/** An object's metadata; empty where it has none. */
export function metadataOf(object: JsonObject): JsonObject {
  const metadata = object.metadata;
  return isJsonObject(metadata) ? metadata : {};
}

/** The object, told which one it is meant for. */
export function withPrecondition(object: JsonObject, { uid, resourceVersion }: Precondition): JsonObject {
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  return { ...object, metadata: { ...metadataOf(object), uid, ...version } };
}

function invalid(operation: string, problem: string): KubeError {
  return new KubeError({ kind: "invalid", who: "kube", operation, problem });
}
