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
 * Whether an object differs more between environments than it agrees: its patches are longer than half of the copies
 * that a base saves. What only names the object counts nowhere.
 */
export function differsMore({ base, wanted, patches, isNamespaced }: Shared): boolean {
  const naming = isNamespaced ? 5 : 4; // apiVersion, kind, metadata, name, namespace
  const saved = sum(wanted.map((lines) => lines - naming)) - (base - naming);
  const said = patches.map(({ patch, file }) => countLines(file) - (Array.isArray(patch.content) ? 0 : naming));
  return sum(said) * 2 > saved;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
