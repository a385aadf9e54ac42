import { type Candidate, capturedId, isDefinitions, isNamespaces } from "./candidate.ts";
import type { Survey } from "./survey.ts";
import type { TargetFacts } from "./target-facts.ts";

/**
 * Everything the plan is about: what was asked for, and those namespaces and definitions that it cannot be there
 * without and that the target does not have. A definition or namespace that is there is not touched for being needed.
 */
export function withCompanions({ asked, spare }: Survey, target: TargetFacts): readonly Candidate[] {
  const askedFor = new Set(asked.map(capturedId));
  const writable = asked.filter(({ blocked }) => blocked === undefined);
  const wantedTypes = new Set(
    writable
      .filter(({ planned }) => !target.serves(planned).served)
      .map(({ type }) => `${type.resource}.${type.group}`),
  );
  const wantedNamespaces = new Set(writable.flatMap(({ planned }) => planned.namespace ?? []));
  const present = new Set(asked.filter(({ type }) => isNamespaces(type)).map(({ planned }) => planned.name));
  const needed = spare.filter((candidate) => {
    if (askedFor.has(capturedId(candidate))) return false;
    if (isDefinitions(candidate.type)) return wantedTypes.has(candidate.key);
    const { name } = candidate.planned;
    if (!isNamespaces(candidate.type) || !wantedNamespaces.has(name) || present.has(name)) return false;
    present.add(name);
    return target.namespace(name) === undefined;
  });
  return [...asked, ...needed];
}
