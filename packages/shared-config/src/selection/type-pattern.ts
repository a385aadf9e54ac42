import { type ResourceType, typeName } from "@kubeferry/model";
import { compilePattern } from "./pattern.ts";

/** A type as a filter sees it. */
export type NamedType = Pick<ResourceType, "group" | "resource" | "kind">;

/** One entry of a list of types. */
export interface TypePattern {
  /** As it was written. */
  readonly text: string;
  matches(type: NamedType): boolean;
  /** True for the full name of a type, as reports give it: `events` is core's alone. */
  namesFully(type: NamedType): boolean;
}

/**
 * Compiles an entry of a list of types, in any case. A word means a plural or a kind, in any group; `<plural>.<group>`
 * means one type, `<plural>.core` one of the group without a name. Globs and expressions are held against the plural
 * and against the full name.
 */
export function compileTypePattern(text: string): TypePattern {
  const pattern = compilePattern(text, { anyCase: true });
  return {
    text,
    matches: (type) => namesOf(type, pattern.plain).some((name) => pattern.matches(name)),
    namesFully: (type) => fullNames(type).some((name) => pattern.matches(name)),
  };
}

function fullNames(type: NamedType): string[] {
  const name = typeName(type);
  return type.group === "" ? [name, `${name}.core`] : [name];
}

function namesOf(type: NamedType, plain: boolean): string[] {
  const names = [type.resource, ...fullNames(type)];
  // A glob that also fitted kinds would take more than its author sees.
  return plain ? [...names, type.kind, typeName({ group: type.group || "core", resource: type.kind })] : names;
}
