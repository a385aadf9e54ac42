import type { Call } from "@kubeferry/model";

/** The largest file that is read. */
export const MAX_FILE_BYTES = 50_000_000;

/** Something in a tree that may hold objects. */
export interface TreeFile {
  /** From the tree's root, with "/": "shop/deployments/web.yaml". A stranger chose it: it is compared and shown, never opened. */
  readonly path: string;
  /** Its bytes, or why there are none; at most `MAX_FILE_BYTES` are read. @throws StorageError; AbortError */
  read(call: Call): Promise<Uint8Array | { readonly problem: string }>;
}

/** A tree of files, wherever it lies. */
export interface TreeFiles {
  /** For people and commits: "tree clusterbackup/east/". */
  readonly place: string;
  /** Every file whose name ends like YAML or JSON, and whatever stands where one could be. @throws GitOpsError, StorageError */
  list(call: Call): AsyncIterable<TreeFile>;
}

/** True for files that are read at all. */
export function mayHoldObjects(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path);
}

/** Gathers a file's bytes, and stops at what is too large to be one object or list. */
export async function gather(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Uint8Array | { readonly problem: string }> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_FILE_BYTES) return tooLarge();
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** Said of a file that is not read to its end. */
export function tooLarge(): { readonly problem: string } {
  return { problem: `it is larger than ${MAX_FILE_BYTES} bytes` };
}
