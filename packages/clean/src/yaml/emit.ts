import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "@kubeferry/model";
import { CleanError } from "../clean-error.ts";
import { toFlow } from "./flow.ts";
import { MAX_IMPLICIT_KEY, sortedKeys } from "./keys.ts";
import { locateUnwritable } from "./locate.ts";
import { bareScalar, inlineString, stringValue } from "./scalar.ts";

/**
 * Below this many maps and lists values are written in flow style. Block style costs two blanks a level on every line,
 * which would make 100 MB of a hostile 60 KB object of depth 10,000; real definitions stay below 40 levels.
 */
const MAX_BLOCK_DEPTH = 64;

/**
 * Writes a JSON value as the one YAML text for it: equal values give equal bytes, and Kubernetes' Go parsers, YAML 1.1
 * and YAML 1.2 read the same value back. Keys are sorted by their UTF-8 bytes, lists are not indented, bigints are
 * printed as digits, texts of several lines are block literals where that is safe. Ends in one line break.
 * @throws CleanError "invalid", naming the path: half a surrogate pair, a number that is not finite, a nesting deeper
 * than the 10,000 levels that the API server and Go's parsers allow
 */
export function emitYaml(value: JsonValue): string {
  try {
    return `${document(value)}\n`;
  } catch (error) {
    if (error instanceof CleanError) throw locateUnwritable(value, error);
    throw error;
  }
}

function document(value: JsonValue): string {
  if (Array.isArray(value)) return sequence(value, "\n", 0);
  if (isJsonObject(value)) return mapping(value, "\n", 0);
  return typeof value === "string" ? inlineString(value) : bareScalar(value);
}

/**
 * @param lead a line break and the indentation of this mapping; its first key stands behind what came before
 * @param depth how many maps and lists are around it
 */
function mapping(object: JsonObject, lead: string, depth: number): string {
  let text = "";
  for (const key of sortedKeys(object)) {
    const name = inlineString(key);
    const value = object[key] as JsonValue;
    if (text !== "") text += lead;
    if (name.length > MAX_IMPLICIT_KEY) text += `? ${name}${lead}: ${toFlow(value, depth + 1)}`;
    else text += `${name}:${behindKey(value, lead, depth + 1)}`;
  }
  return text === "" ? "{}" : text;
}

function behindKey(value: JsonValue, lead: string, depth: number): string {
  if (typeof value === "string") return ` ${stringValue(value, lead)}`;
  if (typeof value !== "object" || value === null) return ` ${bareScalar(value)}`;
  if (depth >= MAX_BLOCK_DEPTH) return ` ${toFlow(value, depth)}`;
  if (Array.isArray(value)) return value.length === 0 ? " []" : lead + sequence(value, lead, depth);
  const deeper = `${lead}  `;
  const inner = mapping(value, deeper, depth);
  return inner === "{}" ? " {}" : deeper + inner;
}

function sequence(items: JsonArray, lead: string, depth: number): string {
  const deeper = `${lead}  `;
  let text = "";
  for (const item of items) {
    if (text !== "") text += lead;
    text += `- ${behindDash(item, lead, deeper, depth + 1)}`;
  }
  return text === "" ? "[]" : text;
}

function behindDash(item: JsonValue, lead: string, deeper: string, depth: number): string {
  if (typeof item === "string") return stringValue(item, lead);
  if (typeof item !== "object" || item === null) return bareScalar(item);
  if (depth >= MAX_BLOCK_DEPTH) return toFlow(item, depth);
  return Array.isArray(item) ? sequence(item, deeper, depth) : mapping(item, deeper, depth);
}
