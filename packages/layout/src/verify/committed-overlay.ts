import type { ReadFile } from "../build/read-kustomization.ts";

/** An overlay as it will be committed. */
export interface CommittedOverlay {
  readonly environment: string;
  /** Where its kustomization lies, from the root of the repository: "namespaces/shop/prod". */
  readonly place: string;
  /** Its files and those of its base: by the path from their folder, with the place in the repository. */
  readonly files: ReadonlyMap<string, string>;
  /** The bytes of one of them, by its path from the folder; undefined where there is none. */
  readonly read: ReadFile;
}
