import type { ComparedEnvironment } from "@kubeferry/model";
import { scanObject } from "../scan/scan-object.ts";
import { type PieceGroup, placesOf } from "./piece-groups.ts";
import { topicOf } from "./topic.ts";
import { withoutWords, wordsOf } from "./words.ts";

/** A text that is another one in each environment and means the same. */
export interface Parameter {
  readonly name: string;
  readonly configured: boolean;
  /** By environment. */
  readonly values: ReadonlyMap<string, string>;
}

/** Which parameters explain a piece; undefined: none does. */
export type Explain = (piece: PieceGroup, field: string) => readonly Parameter[] | undefined;

/** So many places have to differ in the same way before that counts as a parameter. */
const ENOUGH = 3;

/** A word that says something: "gp3", and not "v1" or "512Mi". */
const HAS_WORD = /(?<![\p{L}\p{N}_])\p{L}[\p{L}\p{N}_]{2,}/u;

/** Of more than these nobody reads. */
const MOST_PARAMETERS = 100;

/** What groups of pieces are found to be, to be asked piece by piece. */
export function findParameters(
  groups: ReadonlyMap<PieceGroup, PieceGroup>,
  environments: readonly ComparedEnvironment[],
): Explain {
  const found = new Map<PieceGroup, Found>();
  const largest = [...new Set(groups.values())].sort((one, other) => placesOf(other) - placesOf(one));
  for (const group of largest) {
    const parameter = found.size < MOST_PARAMETERS ? parametersIn(group, environments) : undefined;
    if (parameter !== undefined) found.set(group, parameter);
  }
  const everywhere = [...found].flatMap(([group, { everywhere: parameter }]) =>
    parameter === undefined ? [] : [{ group, parameter }],
  );
  const composed = new Map<PieceGroup, readonly Parameter[] | undefined>();
  return (piece, field) => {
    const group = groups.get(piece) ?? piece;
    const own = found.get(group)?.everywhere ?? found.get(group)?.byField.get(field);
    if (own !== undefined) return [own];
    if (!composed.has(group)) composed.set(group, composedOf(group, everywhere));
    return composed.get(group);
  };
}

/** What a group is, wherever it stands, or only in some fields. */
interface Found {
  readonly everywhere?: Parameter;
  readonly byField: ReadonlyMap<string, Parameter>;
}

/**
 * A group is a parameter where it is in enough places and nobody would take it for chance: names of several parts and
 * names of the environments themselves wherever they stand, single words only in the fields of one name.
 */
function parametersIn(group: PieceGroup, environments: readonly ComparedEnvironment[]): Found | undefined {
  if (placesOf(group) < ENOUGH || !group.texts.every(isNamePart)) return undefined;
  const whole = wholeNames(group);
  const written = whole.filter((name) => name !== "");
  const isNamed = areOwnNames(group, environments);
  if (!isNamed && !written.every((name) => HAS_WORD.test(name))) return undefined;
  const make = (field?: string): Parameter | undefined => {
    const isOwn = isNamed && whole.every((text, place) => text === group.texts[place]);
    const name = isOwn ? "environment" : topicOf(group, whole, field);
    if (whole.some((text) => scanObject({ [name]: text }, "").length > 0)) return undefined;
    const values = group.environments.map(
      (index, place) => [environments[index]?.name ?? "", whole[place] ?? ""] as const,
    );
    return { name, configured: false, values: new Map(values) };
  };
  if (isNamed || written.every((name) => wordsOf(name).length > 2)) {
    const everywhere = make();
    return everywhere === undefined ? undefined : { everywhere, byField: new Map() };
  }
  const byField = new Map<string, Parameter>();
  for (const [field, places] of group.fields) {
    const parameter = places < ENOUGH ? undefined : make(field);
    if (parameter !== undefined) byField.set(field, parameter);
  }
  return byField.size === 0 ? undefined : { byField };
}

/** A text that can be a name or a part of one: numbers and sizes are none, and neither is what has blanks. */
function isNamePart(text: string): boolean {
  return text === "" || (/\p{L}/u.test(text) && !/\s/.test(text));
}

/** The texts with what all places have around them, so that they can be recognised: "dev.example.com" and not "dev.". */
function wholeNames({ texts, before, after }: PieceGroup): readonly string[] {
  const service = before.lastIndexOf("svc");
  const head = before.slice(Math.max(service, 0));
  const names = texts.map((text) => [...head, text, ...after].join(""));
  return withoutSharedSigns(names);
}

/** "dev" and "prod" of "-dev" and "-prod". */
function withoutSharedSigns(names: readonly string[]): readonly string[] {
  const [first = ""] = names;
  const head = /^[._-]/.exec(first)?.[0];
  if (head !== undefined && names.every((name) => name.startsWith(head)))
    return withoutSharedSigns(names.map((name) => name.slice(1)));
  const tail = /[._-]$/.exec(first)?.[0];
  if (tail !== undefined && names.every((name) => name.endsWith(tail)))
    return withoutSharedSigns(names.map((name) => name.slice(0, -1)));
  return names;
}

/** Whether each text is what its environment, or the cluster it is made from, is called. */
function areOwnNames(group: PieceGroup, environments: readonly ComparedEnvironment[]): boolean {
  const own = group.environments.map((index) => environments[index]);
  const isAll = (nameOf: (environment: ComparedEnvironment) => string) =>
    own.every((each, place) => each !== undefined && nameOf(each) === group.texts[place]?.toLowerCase());
  return isAll(({ name }) => name) || isAll(({ source }) => source.replace(/@.*$/, "").split("/").at(-1) ?? "");
}

/** The parameters that a piece is made of, where it holds nothing else: "dev.dev.example.com". */
function composedOf(
  piece: PieceGroup,
  everywhere: readonly { readonly group: PieceGroup; readonly parameter: Parameter }[],
): readonly Parameter[] | undefined {
  const used: Parameter[] = [];
  let texts: readonly string[] = piece.texts.map((text) => [...piece.before, text, ...piece.after].join(""));
  for (const [number, { group, parameter }] of everywhere.entries()) {
    const names = wholeNames(group);
    const general = texts.map((text, index) => {
      const place = group.environments.indexOf(piece.environments[index] ?? -1);
      return withoutWords(text, names[place] ?? "", `\u0000${number}\u0000`);
    });
    if (!general.every((text) => text !== undefined)) continue;
    texts = general;
    used.push(parameter);
    if (texts.every((text) => text === texts[0])) return used;
  }
  return undefined;
}
