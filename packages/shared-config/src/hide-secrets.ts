import { clusterTrees } from "./clusters.ts";
import type { ConfigProblem } from "./config-error.ts";
import { type ConfigKey, isSecretKey, keysAt } from "./keys.ts";
import { dotted, type KeyPath, type Sourced } from "./sourced.ts";

/** A value of a secret key that also stands elsewhere (a bucket named like the password) is hidden there too. */
export function hideSecrets(
  problems: readonly ConfigProblem[],
  tree: Sourced,
  keys: readonly ConfigKey[],
): readonly ConfigProblem[] {
  const trees = [tree, ...clusterTrees(tree).map(({ own }) => own)];
  const values = trees.flatMap((each) => secretValues(each, keys, []));
  return problems.map((problem) => ({
    ...problem,
    path: values.reduce((text, value) => text.replaceAll(value, "***"), problem.path),
    text: values.reduce((text, value) => text.replaceAll(value, "***"), problem.text),
  }));
}

function secretValues(node: Sourced, keys: readonly ConfigKey[], path: KeyPath): readonly string[] {
  if (node.kind === "map")
    return [...node.entries].flatMap(([key, value]) => secretValues(value, keys, [...path, key]));
  if (node.kind === "list") return node.items.flatMap((item, index) => secretValues(item, keys, [...path, index]));
  const text = String(node.value);
  // Shorter ones would only make holes in ordinary words.
  return keysAt(keys, path).some(isSecretKey) && text.length >= 4 && !dotted(path).includes(text) ? [text] : [];
}
