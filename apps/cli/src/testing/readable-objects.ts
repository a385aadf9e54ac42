import type { ReadableObject, Snapshot } from "@kubeferry/snapshot";
import { testCall } from "./call.ts";

/** Every object of a snapshot in which nothing is encrypted to somebody else. */
export async function* readableObjects(snapshot: Snapshot): AsyncIterable<ReadableObject> {
  for await (const object of snapshot.objects(() => true, testCall)) {
    if (!object.readable) throw new Error(`${object.type.resource} ${object.key} is encrypted`);
    yield object;
  }
}
