import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { sha256Hex } from "../blob/digest.ts";
import { readAtMost } from "../blob/read-blob.ts";
import { manifestKey } from "../keys.ts";
import type { SnapshotManifest } from "../manifest.ts";
import { untrusted } from "./believe.ts";
import { MAX_MANIFEST_BYTES, type StoredManifest } from "./read-manifest.ts";

/** What can be said of the link from a snapshot to the one before it. "gone": that was pruned, so nothing can. */
export type ParentLink = "first" | "matches" | "gone" | "broken";

/** Compares the digest that a manifest keeps of its parent with the parent as it is stored. */
export async function parentLink(store: ObjectReader, manifest: SnapshotManifest, call: Call): Promise<ParentLink> {
  if (manifest.parent === null) return "first";
  const found = await store.get(manifestKey(manifest.series, manifest.sequence - 1), call);
  if (found === undefined) return "gone";
  const bytes = await readAtMost(found, MAX_MANIFEST_BYTES);
  return bytes !== undefined && sha256Hex(bytes) === manifest.parent ? "matches" : "broken";
}

/** @throws SnapshotError "untrusted" when the parent is there and is another than the one this was built on */
export async function checkParentLink(store: ObjectReader, stored: StoredManifest, call: Call): Promise<void> {
  const { key, manifest } = stored;
  if ((await parentLink(store, manifest, call)) !== "broken") return;
  const parent = manifestKey(manifest.series, manifest.sequence - 1);
  const next = `one of the two was changed or damaged: move ${parent} away once you know why, and this one can be read`;
  throw untrusted(key, `its parent is another than ${parent}`, next);
}
