import type { KustomizeProgram } from "@kubeferry/kustomize";
import * as kustomize from "@kubeferry/kustomize";
import type { Call } from "@kubeferry/model";
import { RecoveryError } from "../recovery-error.ts";

/**
 * Looks for the program in the folders of a PATH.
 * @throws RecoveryError "incomparable" saying what to install
 */
export async function findKustomize(path: string): Promise<KustomizeProgram> {
  const found = await kustomize.findKustomize(path);
  if (found !== undefined) return found;
  throw new RecoveryError({
    kind: "incomparable",
    who: "kustomize",
    operation: "look for the program",
    problem: "there is neither kustomize nor kubectl on PATH",
    next: "install one of them; https://kubectl.docs.kubernetes.io/installation/kustomize/ says how",
  });
}

/**
 * Builds a folder: a side that cannot be built cannot be compared.
 * @param folder absolute
 * @returns YAML documents
 * @throws RecoveryError "incomparable" with what the program said
 */
export async function buildKustomization(program: KustomizeProgram, folder: string, call: Call): Promise<string> {
  try {
    return await kustomize.buildKustomization(program, folder, call);
  } catch (error) {
    if (!(error instanceof kustomize.KustomizeError)) throw error;
    const { who, operation, problem } = error;
    throw new RecoveryError({ kind: "incomparable", who, operation, problem, cause: error });
  }
}
