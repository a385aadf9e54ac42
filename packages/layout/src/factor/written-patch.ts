import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { Patch } from "../patch/make-patch.ts";

/** A patch and its file. */
export interface WrittenPatch {
  readonly patch: Patch;
  readonly file: Buffer;
}

/** A patch with its file. */
export function writtenPatch(patch: Patch): WrittenPatch {
  return { patch, file: Buffer.from(emitYaml(patch.content), "utf8") };
}
