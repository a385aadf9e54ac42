import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenStore } from "../../contract/open-store.contract.ts";
import { call } from "../../contract/open-store.contract.ts";
import { createFolderStore } from "../folder.ts";

/** A store in a folder of its own, and where that is. */
export async function openFolder(): Promise<OpenStore & { readonly path: string }> {
  const base = await mkdtemp(join(tmpdir(), "kubeferry-folder-"));
  const path = join(base, "store");
  const again = () => createFolderStore({ path, autoCreate: true });
  const store = again();
  await store.prepare(call);
  return {
    path,
    store,
    again,
    missing: createFolderStore({ path: join(base, "missing"), autoCreate: false }),
    secrets: [],
    close: () => rm(base, { recursive: true, force: true }),
  };
}
