import { equalJson, kustomizeRefusal } from "@kubeferry/clean";
import type { Content } from "../content.ts";
import { differsMore } from "./differs-more.ts";
import { mostShared } from "./most-shared.ts";
import { NO_FIELDS } from "./overlay-fields.ts";
import { provenPatch } from "./proven-patch.ts";
import type { Version, Versions } from "./versions.ts";
import { type WrittenPatch, writtenPatch } from "./written-patch.ts";

/** An object that environments have in different versions. */
export interface DifferingObject {
  /** Names it in an error. */
  readonly title: string;
  readonly isNamespaced: boolean;
  /** What each environment is to have. */
  readonly wanted: readonly Content[];
  /** What the source of each has. */
  readonly votes: readonly Content[];
}

/** An object in the base, and what leads from there to each version of it. */
export interface BasedObject {
  readonly base: Version;
  /** By the digest of the version; none for the base's own. */
  readonly patches: ReadonlyMap<string, WrittenPatch>;
}

/**
 * What the base has of an object, and the patches that make of it what environments are to have.
 * @returns undefined where each of them has to hold it whole: no patch says a difference, or they differ more than they agree
 */
export async function basedObject(object: DifferingObject, versions: Versions): Promise<BasedObject | undefined> {
  const { title, wanted, votes } = object;
  // What is encrypted is signed as a whole.
  if ([...wanted, ...votes].some(({ secret }) => secret !== undefined)) return undefined;
  const [vote] = votes;
  if (vote === undefined) return undefined;
  const isOneVote = votes.every(({ sha256 }) => sha256 === vote.sha256);
  const base = isOneVote ? await versions.of(vote) : await sharedVersion(votes, versions);
  if (base === undefined) return undefined;
  const patches = new Map<string, WrittenPatch>();
  for (const content of wanted) {
    if (content.sha256 === base.content.sha256 || patches.has(content.sha256)) continue;
    const patch = provenPatch(base.object, (await versions.of(content)).object, NO_FIELDS, title);
    if (patch === "whole") return undefined;
    if (patch !== undefined) patches.set(content.sha256, writtenPatch(patch));
  }
  // What the configuration says is for one source to change, however much that is.
  return isOneVote || (await isWorthIt(base, object, patches, versions)) ? { base, patches } : undefined;
}

async function sharedVersion(votes: readonly Content[], versions: Versions): Promise<Version | undefined> {
  const most = mostVoted(votes);
  // What more than half have as it is, most have field by field.
  if (most !== undefined) return versions.of(most);
  const having: Version[] = [];
  for (const content of votes) having.push(await versions.of(content));
  const shared = mostShared(having.map(({ object }) => object));
  if (kustomizeRefusal(shared) !== undefined) return undefined;
  return having.find(({ object }) => equalJson(object, shared)) ?? versions.put(shared);
}

/** What more than half of them have; undefined where nothing is. */
function mostVoted(votes: readonly Content[]): Content | undefined {
  const groups = [...Map.groupBy(votes, ({ sha256 }) => sha256).values()];
  return groups.find(({ length }) => length * 2 > votes.length)?.[0];
}

async function isWorthIt(
  base: Version,
  { wanted, isNamespaced }: DifferingObject,
  patches: ReadonlyMap<string, WrittenPatch>,
  versions: Versions,
): Promise<boolean> {
  const lines: number[] = [];
  for (const content of wanted) lines.push((await versions.of(content)).lines);
  const said = wanted.map(({ sha256 }) => patches.get(sha256)).filter((patch) => patch !== undefined);
  return !differsMore({ base: base.lines, wanted: lines, patches: said, isNamespaced });
}
