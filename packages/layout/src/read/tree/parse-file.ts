import { CleanError, parseYamlStream } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "@kubeferry/model";

/**
 * The largest YAML document that is parsed: the parser holds about 80 times as much in memory. JSON takes about ten
 * times, and may be as large as a file.
 */
const MAX_DOCUMENT_CHARACTERS = 4_000_000;
/** Lists in lists, as nobody writes them. */
const MOST_LISTS = 4;

/**
 * The objects in a file: of every document, and out of lists as kubectl writes them. Equal bytes give equal objects in
 * equal order.
 * @returns why there are none: the file cannot be read as what its name says, or it is `empty`
 */
export function parseFile(path: string, bytes: Uint8Array): readonly JsonValue[] | NoObjects {
  const text = decoded(bytes);
  if (text === undefined) return { problem: "it is not UTF-8" };
  const values = /\.json$/i.test(path) ? parseJsonText(text) : parseYamlText(text);
  if ("problem" in values) return values;
  const objects = values.flatMap((value) => unpacked(value, 0));
  return objects.length === 0 ? { problem: "it holds no object", empty: true } : objects;
}

/** Why a file gives no object. */
interface NoObjects {
  readonly problem: string;
  /** It is whole, and there is nothing in it. */
  readonly empty?: true;
}

/** Without a byte order mark. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function parseJsonText(text: string): readonly JsonValue[] | { readonly problem: string } {
  if (text.trim() === "") return [];
  try {
    return [parseJson(text)];
  } catch (error) {
    // A RangeError: nested so deeply that the parser's own stack ends.
    if (error instanceof SyntaxError || error instanceof RangeError) return { problem: "it is no JSON" };
    throw error;
  }
}

function parseYamlText(text: string): readonly JsonValue[] | { readonly problem: string } {
  // A line that begins with three hyphens is the beginning of a document wherever it stands, in texts too.
  const documents = text.length > MAX_DOCUMENT_CHARACTERS ? text.split(/^---(?=\s|$)/m) : [text];
  if (documents.some(({ length }) => length > MAX_DOCUMENT_CHARACTERS)) {
    return { problem: `it has a YAML document of more than ${MAX_DOCUMENT_CHARACTERS} characters; JSON may be larger` };
  }
  try {
    return documents.flatMap((document) => parseYamlStream(document));
  } catch (error) {
    if (error instanceof CleanError) return { problem: `it is no YAML (${error.message})` };
    throw error;
  }
}

/** The items of a list, each with the kind that a typed list leaves out; any other value as it is. */
function unpacked(value: JsonValue, depth: number): readonly JsonValue[] {
  if (!isJsonObject(value) || depth === MOST_LISTS) return [value];
  const { apiVersion, kind, items } = value;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return [value];
  const inherited: JsonObject =
    kind === "List" || apiVersion === undefined ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  return items.flatMap((item) => unpacked(isJsonObject(item) ? { ...inherited, ...item } : item, depth + 1));
}
