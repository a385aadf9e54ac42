import {
  type ContentPart,
  type Findings,
  matchesGlob,
  namespaceOf,
  namespacesSeen,
  type Plan,
} from "@kubeferry/layout";

/**
 * Which of the namespaces that were asked for are nowhere: neither the snapshot has something in them that could be
 * adopted, nor does Git have a folder for them. Mistyped ones look like namespaces without changes otherwise.
 * @returns names or globs, as they were written
 */
export function unknownNamespaces(
  { namespaces }: Pick<ContentPart, "namespaces">,
  findings: Pick<Findings, "taken" | "leftOut">,
  { folders }: Plan,
): readonly string[] {
  const known = [...namespacesSeen(findings), ...folders.flatMap(({ folder }) => namespaceOf(folder) ?? [])];
  return namespaces.filter((glob) => !known.some((name) => matchesGlob(name, glob)));
}
