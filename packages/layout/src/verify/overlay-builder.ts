import { findKustomize } from "@kubeferry/kustomize";
import type { Call, JsonObject, OverlayVerification } from "@kubeferry/model";
import { buildOverlay } from "../build/build-overlay.ts";
import { buildWithProgram } from "./build-with-program.ts";
import type { CommittedOverlay } from "./committed-overlay.ts";

/** Builds overlays from the bytes that will be committed. */
export interface OverlayBuilder {
  readonly by: OverlayVerification["by"];
  /**
   * The objects, one at a time.
   * @throws KustomizeError, CleanError, GitOpsError "damaged" for an overlay that cannot be built
   */
  build(overlay: CommittedOverlay, call: Call): AsyncIterable<JsonObject>;
}

/**
 * Takes the program that a PATH has, and our own model of it where it has none.
 * @param path undefined: no program is looked for
 */
export async function openOverlayBuilder(path: string | undefined): Promise<OverlayBuilder> {
  const program = path === undefined ? undefined : await findKustomize(path);
  if (program === undefined) return { by: "model", build: ({ environment, read }) => buildOverlay(environment, read) };
  return { by: program.name, build: (overlay, call) => buildWithProgram(program, overlay, call) };
}
