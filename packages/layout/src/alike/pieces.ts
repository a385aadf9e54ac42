import { sharedEnds, wordsOf } from "./words.ts";

/** One spot of a text in which environments differ. */
export interface Piece {
  /** What each has there, in their order: ["dev.", ""] of "shop.dev.example.com" and "shop.example.com". */
  readonly core: readonly string[];
  /** Words and signs that all have around it, as far as the name goes: ["shop", "."] and ["example", ".", "com"]. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Of an image: the part of it that differs. */
  readonly part?: "registry" | "name" | "version";
  /** The setting that its line gives a value to: "level" of "level=debug". */
  readonly setting?: string;
}

/** Beyond so many, texts are other texts, and not the same with other names in it. */
const MOST_PIECES = 100;

/** No longer than the longest name of a host. */
const LONGEST = 253;

/** What is between names, host names, numbers. */
const BETWEEN_NAMES = /([^\p{L}\p{N}_.-]+)/u;

/** What is between the parts of an image: "registry.example.com/shop/web", "1.2". */
const BETWEEN_PARTS = /([:@]+)/;

/**
 * The spots in which texts of one place differ: name by name where they are built alike, else from the first to the last
 * difference of a line.
 * @param texts one for each environment; they are not all equal
 * @returns undefined for texts that differ too much to say
 */
export function piecesOf(texts: readonly string[], isImage: boolean): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  const isText = texts.every((text) => text.includes("\n"));
  for (const line of alignedParts(texts, /(\n)/) ?? [{ texts, index: 0 }]) {
    const parts = alignedParts(line.texts, isImage ? BETWEEN_PARTS : BETWEEN_NAMES) ?? [{ ...line, index: 0 }];
    const setting = isImage ? undefined : settingOf(line.texts, isText);
    for (const part of parts) {
      const piece = pieceOf(part.texts, isImage ? part.index : undefined);
      pieces.push(setting === undefined ? piece : { ...piece, setting });
    }
    if (pieces.length > MOST_PIECES) return undefined;
  }
  return pieces.some(({ core }) => core.some((text) => text.length > LONGEST)) ? undefined : pieces;
}

interface Part {
  readonly texts: readonly string[];
  /** Its number among the parts. */
  readonly index: number;
}

/** The parts that differ of texts with equal signs between their parts; undefined where these differ. */
function alignedParts(texts: readonly string[], between: RegExp): readonly Part[] | undefined {
  const lists = texts.map((text) => text.split(between));
  const [first = []] = lists;
  if (lists.some((list) => list.length !== first.length)) return undefined;
  const differing = first.flatMap((_, index) => {
    const all = lists.map((list) => list[index] ?? "");
    return all.every((text) => text === all[0]) ? [] : [{ texts: all, index: index / 2 }];
  });
  return differing.every(({ index }) => Number.isInteger(index)) ? differing : undefined;
}

/** "level=debug" and "--level=debug" as well as, in a text of several lines, "level: debug". */
function settingOf(lines: readonly string[], isText: boolean): string | undefined {
  const pattern = isText
    ? /^\s*(?:-{1,2}\s*)?["']?([A-Za-z][\w.-]{1,80})["']?(?:\s*=|:\s)/
    : /^(?:--?)?([A-Za-z][\w.-]{1,80})=/;
  const [first, ...others] = lines.map((line) => pattern.exec(line)?.[1]);
  return others.every((setting) => setting === first) ? first : undefined;
}

function pieceOf(texts: readonly string[], imagePart: number | undefined): Piece {
  const lists = texts.map(wordsOf);
  const { start, end } = sharedEnds(lists);
  const core = lists.map((words) => words.slice(start, words.length - end).join(""));
  // What is more than a name is told apart by all of it.
  if (imagePart === undefined && core.some((text) => BETWEEN_NAMES.test(text))) {
    return { core: texts, before: [], after: [] };
  }
  const [words = []] = lists;
  const [before, after] = [words.slice(0, start), words.slice(words.length - end)];
  if (imagePart === undefined) return { core, before, after };
  if (imagePart > 0) return { core, before, after, part: "version" };
  // "docker.io/" that only some write out belongs to no name behind it.
  if (core.some((text) => text.endsWith("/"))) return { core, before: [], after: [], part: "registry" };
  const host = after.indexOf("/");
  if (before.includes("/") || host < 0) return { core, before, after, part: "name" };
  return { core, before, after: after.slice(0, host), part: "registry" };
}
