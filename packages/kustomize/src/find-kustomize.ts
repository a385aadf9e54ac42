import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** A program that builds kustomizations: `kustomize`, or `kubectl` with its own copy of it. */
export interface KustomizeProgram {
  /** Absolute. */
  readonly path: string;
  readonly name: "kustomize" | "kubectl";
  /** After which a build is given up; left out: two minutes. */
  readonly timeoutMs?: number;
}

/**
 * Looks for the program in the folders of a PATH: `kustomize` in all of them first, then `kubectl`.
 * @returns undefined where there is neither
 */
export async function findKustomize(path: string): Promise<KustomizeProgram | undefined> {
  for (const name of ["kustomize", "kubectl"] as const) {
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
      const place = join(folder, name);
      if (await isExecutable(place)) return { path: place, name };
    }
  }
  return undefined;
}

async function isExecutable(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
