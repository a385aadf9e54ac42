import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import { at, textAt } from "@kubeferry/model";
import type { Patch } from "../patch/make-patch.ts";
import { countLines } from "./versions.ts";
import type { WrittenPatch } from "./written-patch.ts";

/** An object in a base, in lines of YAML, because lines are what people read. */
export interface Shared {
  /** Lines of the object's files: of the base's, and of what each environment is to have. */
  readonly base: number;
  readonly wanted: readonly number[];
  /** Those of the environments that have it otherwise. */
  readonly patches: readonly WrittenPatch[];
  /** Whether the object is in a namespace, which is a line of each file. */
  readonly isNamespaced: boolean;
}

/**
 * Whether an object differs more between environments than it agrees: what its patches change is more than half of the
 * copies that a base saves, or the patches are longer than these. What only names the object is no change.
 */
export function differsMore({ base, wanted, patches, isNamespaced }: Shared): boolean {
  const naming = isNamespaced ? 5 : 4; // apiVersion, kind, metadata, name, namespace
  const saved = sum(wanted) - base;
  const written = patches.map(({ file }) => countLines(file));
  const changed = patches.map(({ patch }, index) => operationLines(patch) ?? (written[index] ?? 0) - naming);
  return sum(changed) * 2 > saved - naming * (wanted.length - 1) || sum(written) > saved;
}

/** Of a JSON patch the lines of what it puts somewhere; its tests and paths say nothing of the object. */
function operationLines({ content }: Patch): number | undefined {
  if (!Array.isArray(content)) return undefined;
  const changing = content.filter((operation) => textAt(operation, "op") !== "test");
  return sum(changing.map((operation) => countLines(Buffer.from(emitYaml(at(operation, "value") ?? null), "utf8"))));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
