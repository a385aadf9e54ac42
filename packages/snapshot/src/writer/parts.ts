import type { ResourceType } from "@kubeferry/model";
import { isSecrets } from "../is-secrets.ts";
import { type CredentialKind, findCredential } from "../protection/find-credential.ts";
import type { CapturedObject, FoundCredential } from "../snapshots.ts";
import type { GatheredObject } from "./gathered-cut.ts";
import type { Sealing } from "./sealing.ts";

/** Objects of one cut that become one segment. */
export interface CutPart {
  readonly sealed: boolean;
  readonly objects: readonly CapturedObject[];
  readonly found: readonly FoundCredential[];
}

/**
 * Parts the objects of a cut: those of secret types are sealed together; of other types those that look like they hold
 * a credential are, if there is anybody to seal them to, and the others stay open. No object is changed. What was looked
 * through before, and did not move since, is not looked through again.
 * @returns one or two parts, none of them empty
 */
export function partsOf(
  type: ResourceType,
  objects: readonly GatheredObject[],
  sealing: Sealing | undefined,
): readonly CutPart[] {
  if (isSecrets(type)) return [{ sealed: sealing?.seals(type) === true, objects, found: [] }];
  const kinds = new Map<CapturedObject, CredentialKind>();
  for (const object of objects) {
    const kind = object.isSearched === true ? undefined : findCredential(object.line);
    if (kind !== undefined) kinds.set(object, kind);
  }
  const found = [...kinds].map(([{ key }, kind]) => ({ key, kind }));
  if (sealing === undefined || found.length === 0) return [{ sealed: false, objects, found }];
  const open = objects.filter((object) => !kinds.has(object));
  const suspicious = { sealed: true, objects: [...kinds.keys()], found };
  return open.length === 0 ? [suspicious] : [{ sealed: false, objects: open, found: [] }, suspicious];
}
