import { compareUtf8, type FoundParameter, type ObjectDifference } from "@kubeferry/model";
import type { TakeOut } from "./configured.ts";
import { fieldName } from "./field-name.ts";
import type { Explain, Parameter } from "./parameters.ts";
import { createPieceGroups, type PieceGroup, type Spot } from "./piece-groups.ts";
import { piecesOf } from "./pieces.ts";

/** An object that differs between environments. */
export interface DifferentObject {
  readonly folder: string;
  readonly object: string;
  /** Places that are counted and not kept. */
  more: number;
}

/** One place in which an object differs. */
interface AddedPlace {
  /** A JSON Pointer. */
  readonly path: string;
  /** Numbers of the environments that are compared. */
  readonly environments: readonly number[];
  /** One for each of them; undefined where one has no text there. */
  readonly texts: readonly string[] | undefined;
}

/** The places in which objects differ: their paths, and of their texts only what they share with others. */
export interface Places {
  object(folder: string, object: string): DifferentObject;
  add(object: DifferentObject, place: AddedPlace): void;
  /** Notes an object of which nothing may be shown but that it differs. */
  withhold(object: DifferentObject): void;
  /** What parameters make of them. The last call. */
  judged(find: (groups: ReadonlyMap<PieceGroup, PieceGroup>) => Explain): Judged;
}

/** Places told apart by whether parameters explain them. */
interface Judged {
  readonly parameters: readonly FoundParameter[];
  readonly largest: readonly ObjectDifference[];
  isExplained(object: DifferentObject): boolean;
}

/** Some 40 MB at most, measured: the path that many places have is held once. */
const MOST_KEPT = 100_000;

/** Most places hold no configured parameter. */
const NONE: readonly Parameter[] = [];

const LARGEST = 10;

/** Paths that are shown of an object. */
const SHOWN_PATHS = 5;

interface Place {
  readonly object: DifferentObject;
  readonly path: string;
  readonly configured: readonly Parameter[];
  /** Undefined where no parameter can be all of the difference. */
  readonly spots: readonly Spot[] | undefined;
}

/** No places yet. @param most of how many places paths are kept */
export function createPlaces(takeOut: TakeOut, most = MOST_KEPT): Places {
  const objects: DifferentObject[] = [];
  const kept: Place[] = [];
  const groups = createPieceGroups();
  const paths = new Map<string, string>();
  return {
    object(folder, object) {
      const different = { folder, object, more: 0 };
      objects.push(different);
      return different;
    },
    withhold(object) {
      object.more += 1;
    },
    add(object, { path, environments, texts }) {
      if (kept.length >= most) {
        object.more += 1;
        return;
      }
      const known = paths.get(path) ?? path;
      paths.set(known, known);
      kept.push({ object, path: known, ...read(texts, { path, environments }) });
    },
    judged: (find) => judge(objects, kept, find(groups.merged())),
  };

  function read(
    texts: readonly string[] | undefined,
    { path, environments }: Pick<AddedPlace, "path" | "environments">,
  ): Pick<Place, "configured" | "spots"> {
    if (texts === undefined) return { configured: NONE, spots: undefined };
    const { texts: left, used } = takeOut(texts, environments);
    const configured = used.length === 0 ? NONE : used;
    const name = fieldName(path);
    const isSame = left.every((text) => text === left[0]);
    const pieces = isSame ? [] : piecesOf(left, name === "image");
    const spots = pieces?.flatMap((piece) => {
      const field = piece.setting ?? name;
      return groups.add(piece, environments, field) ?? [];
    });
    return { configured, spots: spots?.length === pieces?.length ? spots : undefined };
  }
}

function judge(objects: readonly DifferentObject[], kept: readonly Place[], explain: Explain): Judged {
  const tallies = new Map<Parameter, Tally>();
  const left = new Map<DifferentObject, string[]>();
  for (const place of kept) {
    const { found, isWhole } = parametersOf(place, explain);
    for (const parameter of found) tally(tallies, parameter, place.object, isWhole);
    if (!isWhole) {
      const paths = left.get(place.object) ?? [];
      left.set(place.object, paths);
      paths.push(place.path);
    }
  }
  const placesIn = (object: DifferentObject) => (left.get(object)?.length ?? 0) + object.more;
  const differing = objects.filter((object) => placesIn(object) > 0);
  return {
    isExplained: (object) => placesIn(object) === 0,
    parameters: numbered([...tallies].map(([parameter, counted]) => shown(parameter, counted)).sort(mostFirst)),
    largest: differing
      .sort((one, other) => placesIn(other) - placesIn(one))
      .slice(0, LARGEST)
      .map((each) => ({
        folder: each.folder,
        object: each.object,
        places: placesIn(each),
        paths: (left.get(each) ?? []).slice(0, SHOWN_PATHS),
      })),
  };
}

interface Tally {
  places: number;
  partly: number;
  readonly objects: Set<DifferentObject>;
}

function parametersOf(
  { configured, spots }: Place,
  explain: Explain,
): { readonly found: ReadonlySet<Parameter>; readonly isWhole: boolean } {
  const explained = spots?.map(({ group, field }) => explain(group, field));
  const found = new Set([...configured, ...(explained ?? []).flatMap((parameters) => parameters ?? [])]);
  return { found, isWhole: explained?.every((parameters) => parameters !== undefined) ?? false };
}

function tally(tallies: Map<Parameter, Tally>, parameter: Parameter, object: DifferentObject, isWhole: boolean): void {
  const counted = tallies.get(parameter) ?? { places: 0, partly: 0, objects: new Set() };
  tallies.set(parameter, counted);
  if (isWhole) {
    counted.places += 1;
    counted.objects.add(object);
  } else counted.partly += 1;
}

function shown({ name, configured, values }: Parameter, { places, partly, objects }: Tally): FoundParameter {
  return { name, configured, values: Object.fromEntries(values), places, objects: objects.size, partly };
}

function mostFirst(one: FoundParameter, other: FoundParameter): number {
  return other.places - one.places || other.partly - one.partly || compareUtf8(one.name, other.name);
}

/** Two of one name are told apart by numbers: "host", "host 2". */
function numbered(parameters: readonly FoundParameter[]): readonly FoundParameter[] {
  const seen = new Map<string, number>();
  return parameters.map((parameter) => {
    const number = (seen.get(parameter.name) ?? 0) + 1;
    seen.set(parameter.name, number);
    return number === 1 ? parameter : { ...parameter, name: `${parameter.name} ${number}` };
  });
}
