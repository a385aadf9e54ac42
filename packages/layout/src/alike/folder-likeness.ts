import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { refTitle } from "../git-ref.ts";
import { type Difference, differencesOf } from "./differences.ts";
import { findParameters, type NamedTexts, type Parameter, type TextUse } from "./parameters.ts";

/** How alike the environments of one folder are. */
export interface FolderLikeness {
  /** "namespaces/shop", "cluster". */
  readonly folder: string;
  /** Those that have anything of it, in the order of the configuration. */
  readonly environments: readonly string[];
  /** Objects that all of them have. */
  readonly equal: number;
  readonly different: number;
  /** Objects that some of them lack: "Deployment shop/debug" and who has it. */
  readonly onlyIn: readonly { readonly object: string; readonly environments: readonly string[] }[];
  readonly parameters: readonly FoundParameter[];
  /** Objects that differ by more than parameters; those that differ most come first. */
  readonly differences: readonly ObjectDifference[];
}

/** A text that is another one in each environment, and how much of the differences it explains. */
export interface FoundParameter {
  readonly name: string;
  /** By environment. */
  readonly values: Readonly<Record<string, string>>;
  readonly places: number;
  readonly objects: number;
}

/** Where an object differs between environments, parameters apart. */
export interface ObjectDifference {
  readonly object: string;
  /** JSON Pointers; elements of lists that have names are called by these. */
  readonly paths: readonly string[];
}

/** Reads the content of a file of the spool as an object. */
export type ReadContent = (content: Content) => Promise<JsonObject>;

/** Compares what environments have of a folder; objects are read one at a time, and only where they differ. */
export async function folderLikeness(
  folder: string,
  entries: Iterable<CatalogEntry>,
  environments: readonly { readonly name: string; readonly source: string }[],
  named: NamedTexts,
  read: ReadContent,
): Promise<FolderLikeness> {
  const all = [...entries];
  const having = environments.filter((each) => all.some((entry) => contentIn(entry, each) !== undefined));
  const onlyIn: { object: string; environments: readonly string[] }[] = [];
  const uses: TextUse[] = [];
  const paths = new Map<string, Set<string>>();
  let [equal, different] = [0, 0];
  for (const entry of all) {
    const title = refTitle(entry.ref);
    const contents = having.map((each) => contentIn(entry, each));
    const present = contents.filter((content) => content !== undefined);
    if (present.length < having.length) {
      const some = having.filter((_, index) => contents[index] !== undefined).map(({ name }) => name);
      if (some.length > 0) onlyIn.push({ object: title, environments: some });
      continue;
    }
    if (present.every(({ sha256 }) => sha256 === present[0]?.sha256)) {
      equal += 1;
      continue;
    }
    different += 1;
    const versions: JsonObject[] = [];
    for (const content of present) versions.push(await read(content));
    for (const difference of differencesOf(versions)) {
      paths.set(title, (paths.get(title) ?? new Set()).add(difference.path));
      uses.push(...textUse(title, difference));
    }
  }
  const { found } = findParameters(uses, named);
  for (const { object, path } of found.flatMap((parameter) => parameter.uses)) paths.get(object)?.delete(path);
  return {
    folder,
    environments: having.map(({ name }) => name),
    equal,
    different,
    onlyIn,
    parameters: found.map((parameter) => shown(parameter, having)),
    differences: [...paths]
      .filter(([, left]) => left.size > 0)
      .map(([object, left]) => ({ object, paths: [...left] }))
      .sort((one, other) => other.paths.length - one.paths.length),
  };
}

function textUse(object: string, { path, values }: Difference): readonly TextUse[] {
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === values.length && !values.some(isJsonObject) ? [{ object, path, texts }] : [];
}

function shown({ name, values, uses }: Parameter, having: readonly { readonly name: string }[]): FoundParameter {
  return {
    name,
    values: Object.fromEntries(having.map((each, index) => [each.name, values[index] ?? ""])),
    places: uses.length,
    objects: new Set(uses.map(({ object }) => object)).size,
  };
}
