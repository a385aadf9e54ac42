/** A text that is another one in each environment, in one place of an object. */
export interface TextUse {
  /** Of the object, for people: "Deployment shop/web". */
  readonly object: string;
  /** A JSON Pointer in it. */
  readonly path: string;
  /** One text for each environment, in their order. */
  readonly texts: readonly string[];
}

/** A part of texts that is one thing in each environment, wherever it is named. */
export interface Parameter {
  /** What it is about, or what the configuration calls it. */
  readonly name: string;
  /** By environment, in their order: ["dev.example.com", "example.com"]. */
  readonly values: readonly string[];
  readonly uses: readonly TextUse[];
}

/** What of the differences between environments is one parameter, and what is none. */
export interface Parameters {
  /** Those that explain most come first. */
  readonly found: readonly Parameter[];
  readonly others: readonly TextUse[];
}

/** Parameters that the configuration names: by name, one text for each environment. */
export type NamedTexts = ReadonlyMap<string, readonly string[]>;

/** So many places have to differ in the same way before that counts as a parameter. */
const ENOUGH = 3;

/**
 * Recognises texts that differ everywhere in the same way: hosts that end otherwise, images of another registry, a storage
 * class. What the configuration names comes first; of the rest, texts belong together when what is left of them, without
 * the words that they share at both ends, is the same.
 */
export function findParameters(uses: readonly TextUse[], named: NamedTexts): Parameters {
  const configured: Parameter[] = [];
  let left = uses;
  for (const [name, values] of named) {
    const explained = left.filter(({ texts }) => isExplained(texts, values));
    if (explained.length > 0) configured.push({ name, values, uses: explained });
    left = left.filter((use) => !explained.includes(use));
  }
  const groups = new Map<string, TextUse[]>();
  for (const use of left) {
    const key = JSON.stringify(coreOf(use.texts));
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  const discovered = [...groups.values()].filter((group) => group.length >= ENOUGH).map(discoveredParameter);
  const others = [...groups.values()].filter((group) => group.length < ENOUGH).flat();
  const found = [...configured, ...discovered].sort((one, other) => other.uses.length - one.uses.length);
  return { found, others };
}

/** Whether the texts are one and the same once the value of each environment is taken for the parameter. */
function isExplained(texts: readonly string[], values: readonly string[]): boolean {
  const general = texts.map((text, index) => {
    const value = values[index] ?? "";
    return value === "" ? undefined : replacedWords(text, value);
  });
  return general[0] !== undefined && general.every((text) => text === general[0]);
}

/** A text with each occurrence of some words in it replaced by a mark, where they are whole words. */
function replacedWords(text: string, words: string): string | undefined {
  const all = wordsOf(text);
  const sought = wordsOf(words);
  const result: string[] = [];
  let isFound = false;
  for (let place = 0; place < all.length; ) {
    if (sought.every((word, index) => all[place + index] === word)) {
      result.push(MARK);
      place += sought.length;
      isFound = true;
    } else {
      result.push(all[place] ?? "");
      place += 1;
    }
  }
  return isFound ? result.join("") : undefined;
}

/** No text of a cluster holds it. */
const MARK = "\u0000";

/** A text as words and what is between them; joined they are the text again. */
function wordsOf(text: string): readonly string[] {
  return text.split(/(?<=[^a-zA-Z0-9_])|(?=[^a-zA-Z0-9_])/);
}

/** What each text has for itself between the words that all share at both ends. */
function coreOf(texts: readonly string[]): readonly string[] {
  const { start, end } = sharedEnds(texts.map(wordsOf));
  return texts.map((text) => {
    const words = wordsOf(text);
    return words.slice(start, words.length - end).join("");
  });
}

/** How many words all lists begin with and end in; the two never overlap. */
function sharedEnds(lists: readonly (readonly string[])[]): { readonly start: number; readonly end: number } {
  const shortest = Math.min(...lists.map((list) => list.length));
  const [first = []] = lists;
  let start = 0;
  while (start < shortest && lists.every((list) => list[start] === first[start])) start += 1;
  let end = 0;
  while (end < shortest - start && lists.every((list) => list.at(-1 - end) === first.at(-1 - end))) end += 1;
  return { start, end };
}

/** With the words around it that all places share, so that it can be recognised: "dev.example.com" and not "dev.". */
function discoveredParameter(uses: readonly TextUse[]): Parameter {
  const parts = uses.map(({ texts }) => {
    const lists = texts.map(wordsOf);
    const { start, end } = sharedEnds(lists);
    const [first = []] = lists;
    return { before: first.slice(0, start), after: first.slice(first.length - end) };
  });
  const before = sharedTail(parts.map((part) => part.before));
  const after = sharedHead(parts.map((part) => part.after));
  const [example] = uses;
  const core = coreOf(example?.texts ?? []);
  return { name: topicOf(uses), values: core.map((text) => [...before, text, ...after].join("")), uses };
}

function sharedHead(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = []] = lists;
  const differs = first.findIndex((word, place) => lists.some((list) => list[place] !== word));
  return differs < 0 ? first : first.slice(0, differs);
}

function sharedTail(lists: readonly (readonly string[])[]): readonly string[] {
  return [...sharedHead(lists.map((list) => [...list].reverse()))].reverse();
}

/** What a parameter is about, by the fields that it is found in. */
function topicOf(uses: readonly TextUse[]): string {
  const fields = uses.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  const all = (test: (field: string, use: TextUse) => boolean) =>
    uses.every((use, index) => test(fields[index] ?? "", use));
  if (all((field) => field === "image")) return "images";
  if (all((field) => field === "storageClassName")) return "storage class";
  if (all((_, { texts }) => texts.every((text) => /\.svc\./.test(text)))) return "cluster domain";
  if (all((_, { texts }) => texts.every((text) => /[a-z0-9-]+\.[a-z]{2,}/i.test(text)))) return "host";
  return "text";
}
