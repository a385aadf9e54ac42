import type { Sourced } from "../sourced.ts";

/** true and false, also as the words that variables and files of a folder can only carry; undefined for all else. */
export function truthOf(node: Sourced): boolean | undefined {
  const word = node.kind === "leaf" ? String(node.value).toLowerCase() : "";
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : undefined;
}
