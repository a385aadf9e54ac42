import type { OldName } from "./became.ts";
import { filterNames } from "./file-names.ts";
import { VARIABLES } from "./variables.ts";

/** The name of a file in a folder; `variable` where it stands for an environment variable. */
export interface FolderName extends OldName {
  readonly variable?: OldName;
}

/** Names of files in a mounted ConfigMap or Secret: those of the old filters, and every variable as it is and as `minio-bucket`. */
export const FOLDER_NAMES: readonly FolderName[] = folderNames();

function folderNames(): readonly FolderName[] {
  const filters = filterNames();
  const known = new Set(filters.map(({ old }) => old));
  const ofVariables = VARIABLES.flatMap((variable) => [
    { ...variable, variable },
    { ...variable, old: variable.old.toLowerCase().replaceAll("_", "-"), variable },
  ]);
  return [...filters, ...ofVariables.filter(({ old }) => !known.has(old))];
}
