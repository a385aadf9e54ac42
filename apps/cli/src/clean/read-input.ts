import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parseYamlStream } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue, KubeferryError, parseJson } from "@kubeferry/model";

/** "unreadable": there is nothing to read, or no right to. */
class InputError extends KubeferryError<"unreadable"> {}

/** What an input holds. */
export interface Input {
  /** Kubernetes objects; lists, as `kubectl get` writes them, are taken apart. */
  readonly objects: readonly JsonObject[];
  /** What is none, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads YAML, any number of documents, or JSON.
 * @param file a path; left out, "-" or empty, stdin
 * @throws InputError without a file or anything on stdin; CleanError for broken YAML, with its line
 */
export async function readInput(file: string | undefined): Promise<Input> {
  const input = await readText(file);
  const documents = parse(input);
  if (documents.length === 0) throw nothingToRead(file ?? "stdin", "it is empty");
  const objects: JsonObject[] = [];
  const problems: string[] = [];
  for (const [index, document] of documents.entries()) {
    for (const value of withoutLists(document)) {
      if (isKubernetesObject(value)) objects.push(value);
      else problems.push(`document ${index + 1} holds no Kubernetes object: it has no apiVersion and kind`);
    }
  }
  return { objects, problems };
}

async function readText(file: string | undefined): Promise<string> {
  // The parser of the command line hands on "-" as an empty text.
  if (file !== undefined && file !== "-" && file !== "") {
    return readFile(file, "utf8").catch((error: unknown) => {
      throw nothingToRead(file, error instanceof Error ? error.message : String(error));
    });
  }
  if (process.stdin.isTTY) throw nothingToRead("stdin", "it is a terminal");
  return text(process.stdin);
}

/** JSON first: it is read in a fraction of the time, and what is none may still be YAML. */
function parse(input: string): readonly JsonValue[] {
  if (!/^\s*[[{]/.test(input)) return parseYamlStream(input);
  try {
    return [parseJson(input)];
  } catch (error) {
    if (error instanceof SyntaxError) return parseYamlStream(input);
    throw error;
  }
}

/** The items of a list; those of a typed one, such as the API server's PodList, leave out what they are. */
function withoutLists(document: JsonValue): readonly JsonValue[] {
  if (Array.isArray(document)) return document;
  if (!isJsonObject(document)) return [document];
  const { apiVersion, items, kind } = document;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return [document];
  const type = kind === "List" ? {} : { apiVersion: apiVersion ?? null, kind: kind.slice(0, -"List".length) };
  return items.map((item) => (isJsonObject(item) ? { ...type, ...item } : item));
}

function isKubernetesObject(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && typeof value.apiVersion === "string" && typeof value.kind === "string";
}

function nothingToRead(target: string, problem: string): InputError {
  const next =
    "name a file, or pipe one in: kubectl get deployment web -o yaml --show-managed-fields | kubeferry clean";
  return new InputError({ kind: "unreadable", who: "clean", operation: `read ${target}`, problem, next });
}
