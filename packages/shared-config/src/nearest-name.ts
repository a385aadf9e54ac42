import { distance } from "fastest-levenshtein";

/** The name that was most likely meant, or undefined when none is near. */
export function nearestName(unknown: string, names: readonly string[]): string | undefined {
  const nearest = names
    .map((name) => ({ name, far: distance(name.toLowerCase(), unknown.toLowerCase()) }))
    .sort((left, right) => left.far - right.far)[0];
  // A third of the letters may be wrong; more is a different word.
  const near = nearest !== undefined && nearest.far <= Math.max(1, Math.floor(unknown.length / 3));
  return near ? nearest.name : undefined;
}
