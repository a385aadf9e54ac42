import { emitYaml } from "@kubeferry/clean";
import type { Patch } from "../patch/make-patch.ts";

/** An object in a base, in lines of YAML, because lines are what people read. */
export interface Shared {
  /** The files of the object: the base's, and what each environment is to have. */
  readonly base: string;
  readonly wanted: readonly string[];
  /** Those of the environments that have it otherwise. */
  readonly patches: readonly Patch[];
  /** Whether the object is in a namespace, which is a line of each file. */
  readonly isNamespaced: boolean;
}

/**
 * Whether an object differs more between environments than it agrees: its patches are longer than half of the copies
 * that a base saves. What only names the object counts nowhere.
 */
export function differsMore({ base, wanted, patches, isNamespaced }: Shared): boolean {
  const naming = isNamespaced ? 5 : 4; // apiVersion, kind, metadata, name, namespace
  const saved = sum(wanted.map((text) => linesOf(text) - naming)) - (linesOf(base) - naming);
  const said = patches.map(({ content }) => linesOf(emitYaml(content)) - (Array.isArray(content) ? 0 : naming));
  return sum(said) * 2 > saved;
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
