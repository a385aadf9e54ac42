import type { ResourceType } from "@kubeferry/model";
import { type BackupConfig, compileTypePattern, type NamedType } from "@kubeferry/shared-config";
import { createObjectFilter, type ObjectFilter } from "./object-filter.ts";
import { createTypeFilter, type TypeFilter } from "./type-filter.ts";

/** What a configuration says about what is taken. */
export interface Selection extends TypeFilter {
  objects(type: ResourceType): ObjectFilter;
  /** Whether what a controller made is left out where the controller is read. */
  readonly ownerRule: boolean;
  /** Its place among the types of one round: lower is earlier. */
  place(type: NamedType): number;
  /** True for a type whose status-only changes may keep earlier bytes. */
  carriesStatusOnly(type: NamedType): boolean;
  /** True for a type that may be unread in a complete snapshot. */
  acceptsUnread(type: NamedType): boolean;
}

/** Makes it out of the `backup` section; pure. */
export function createSelection(backup: BackupConfig): Selection {
  const types = createTypeFilter(backup);
  const places = Object.entries(backup.filter.priorities).map(([name, place]) => ({
    ...compileTypePattern(name),
    place,
  }));
  return {
    ...types,
    ownerRule: backup.filter.ownerRule,
    objects: (type) => createObjectFilter(type, backup.filter),
    place: (type) => places.find(({ matches }) => matches(type))?.place ?? Number.POSITIVE_INFINITY,
    carriesStatusOnly: anyOf(backup.carryStatusOnly),
    acceptsUnread: anyOf(backup.acceptUnread),
  };
}

function anyOf(texts: readonly string[]): (type: NamedType) => boolean {
  const patterns = texts.map(compileTypePattern);
  return (type) => patterns.some(({ matches }) => matches(type));
}
