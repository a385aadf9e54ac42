import { emitJson } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import type { Precondition, Written } from "./kube-writer.ts";
import { metadataOf } from "./written.ts";

/** How one object is put and read. */
export interface Putting {
  put(precondition: Precondition, dryRun: boolean): Promise<Written>;
  read(): Promise<JsonObject | undefined>;
}

/**
 * Puts an object in another's place. A "conflict" may come from a try of ours whose answer was lost, or from an earlier
 * run: when the same again would change nothing, it is done already.
 */
export async function replaceObject(
  { precondition, dryRun }: { readonly precondition: Precondition; readonly dryRun: boolean },
  { put, read }: Putting,
): Promise<Written> {
  try {
    return await put(precondition, dryRun);
  } catch (error) {
    if (!(error instanceof KubeError) || error.kind !== "conflict") throw error;
    const live = (await read()) ?? {};
    const { uid, resourceVersion } = metadataOf(live);
    if (uid !== precondition.uid || typeof resourceVersion !== "string") throw error;
    const again = await put({ uid, resourceVersion }, true);
    if (contentOf(again.object) !== contentOf(live)) throw error;
    return again;
  }
}

/** Without the notes about who wrote it when, which a dry run writes anew. */
function contentOf(object: JsonObject): string {
  const { managedFields: _, ...metadata } = metadataOf(object);
  return emitJson({ ...object, metadata });
}
