import type { Buffer } from "node:buffer";
import { parseYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";

/** The object in a file of ours, which holds one; empty for anything else. */
export function parseObject(file: Buffer): JsonObject {
  const object = parseYaml(file.toString("utf8"));
  return isJsonObject(object) ? object : {};
}
