import { at, type Call, type JsonObject, objectsAt, parseJson, textAt, typeName } from "@kubeferry/model";
import type { Snapshot } from "@kubeferry/snapshot";
import { RecoveryError } from "../recovery-error.ts";
import type { ComparedType } from "../sides/side.ts";

/**
 * The type that a word means, as kubectl takes words: plural, singular, short name or kind, each also with ".<group>".
 * What the API of that time called its types is in the snapshot. Of several types that are called so the one of the
 * first group counts, as the API server orders its groups.
 * @throws RecoveryError "config" when the snapshot knows no such type
 */
export async function findType(word: string, snapshot: Snapshot, call: Call): Promise<ComparedType> {
  const { discovery } = await snapshot.api(call);
  const types = snapshot.manifest.types;
  const asked = word.toLowerCase();
  const named = types.find((type) => typeName(type) === asked);
  if (named !== undefined) return named;
  for (const { group, words, resource } of wordsOf(parseJson(discovery) as JsonObject)) {
    const fits = words.includes(asked) || words.some((each) => `${each}.${group}` === asked);
    const type = fits ? types.find((each) => each.group === group && each.resource === resource) : undefined;
    if (type !== undefined) return type;
  }
  const plain = types.find(({ kind, resource }) => kind.toLowerCase() === asked || resource === asked);
  if (plain !== undefined) return plain;
  throw new RecoveryError({
    kind: "config",
    who: "history",
    operation: `find type ${JSON.stringify(word)}`,
    problem: `snapshot ${snapshot.manifest.sequence} knows no type that is called so`,
    next: "kubeferry snapshots show lists its types; write <plural>.<group> where two are called alike",
  });
}

interface TypeWords {
  readonly group: string;
  readonly resource: string;
  /** Lower case. */
  readonly words: readonly string[];
}

/** Every type of the aggregated discovery with what it may be called. */
function* wordsOf(discovery: JsonObject): Iterable<TypeWords> {
  for (const root of ["api", "apis"]) {
    for (const item of objectsAt(discovery, root, "items")) {
      const group = textAt(item, "metadata", "name") ?? "";
      for (const version of objectsAt(item, "versions")) {
        for (const resource of objectsAt(version, "resources")) yield { group, ...wordsOfResource(resource) };
      }
    }
  }
}

function wordsOfResource(resource: JsonObject): Omit<TypeWords, "group"> {
  const plural = textAt(resource, "resource") ?? "";
  const short = at(resource, "shortNames");
  const words = [
    plural,
    textAt(resource, "singularResource") ?? "",
    textAt(resource, "responseKind", "kind") ?? "",
    ...(Array.isArray(short) ? short.map(String) : []),
  ];
  return { resource: plural, words: words.filter((word) => word !== "").map((word) => word.toLowerCase()) };
}
