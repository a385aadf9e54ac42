import { CleanError, parseYaml } from "@kubeferry/clean";
import { fieldsIn, NO_FIELDS, type OverlayFields } from "../factor/overlay-fields.ts";
import { isPatchFile, kustomizationPath } from "../folders/file-name.ts";
import type { OwnedFile } from "../folders/ownership.ts";
import { type GitRef, refId } from "../git-ref.ts";

/** What an environment builds an object from; paths from the folder. */
export interface BuiltFrom {
  /** Holds the object: in the base, or in the environment's own overlay. */
  readonly whole: string;
  /** Changes what is in the base. */
  readonly patch?: string;
}

/** A folder's files at one moment: as Git has them, or as they are to be. */
export interface FolderState {
  /** By `refId`. */
  readonly objects: ReadonlyMap<string, GitRef>;
  /** Those that have an overlay. */
  readonly environments: readonly string[];
  /** Undefined where the environment does not have the object. */
  filesOf(id: string, environment: string): BuiltFrom | undefined;
  /** What is known of a file without reading it. */
  file(path: string): OwnedFile | undefined;
  /** Undefined for a file that cannot be read as it is recorded. */
  read(path: string): Promise<string | undefined>;
  /** What an overlay says of images and replicas; undefined where nobody can say. */
  fieldsOf(environment: string): Promise<OverlayFields | undefined>;
}

/** What a state is made of. */
interface StateSpec {
  readonly files: Iterable<readonly [path: string, OwnedFile]>;
  readonly environments: Iterable<{ readonly name: string; readonly standalone?: boolean }>;
  readonly read: FolderState["read"];
}

/** Sorts a folder's files by the objects that environments build from them. */
export function folderState(spec: StateSpec): FolderState {
  const files = new Map(spec.files);
  const standalone = new Map([...spec.environments].map((each) => [each.name, each.standalone === true]));
  const objects = new Map<string, GitRef>();
  const paths = new Map<string, Map<string, string>>();
  for (const [path, { object }] of files) {
    if (object === undefined) continue;
    const id = refId(object);
    objects.set(id, object);
    paths.set(id, (paths.get(id) ?? new Map<string, string>()).set(path.slice(0, path.indexOf("/")), path));
  }
  return {
    objects,
    environments: [...standalone.keys()],
    file: (path) => files.get(path),
    read: spec.read,
    filesOf(id, environment) {
      if (!standalone.has(environment)) return undefined;
      const own = paths.get(id)?.get(environment);
      if (own !== undefined && !isPatchFile(own)) return { whole: own };
      const base = standalone.get(environment) === true ? undefined : paths.get(id)?.get("base");
      if (base === undefined) return undefined;
      return { whole: base, ...(own === undefined ? {} : { patch: own }) };
    },
    async fieldsOf(environment) {
      const path = kustomizationPath(environment);
      return files.has(path) ? readFields(path, spec.read) : NO_FIELDS;
    },
  };
}

async function readFields(path: string, read: FolderState["read"]): Promise<OverlayFields | undefined> {
  const text = await read(path);
  if (text === undefined) return undefined;
  try {
    return fieldsIn(parseYaml(text));
  } catch (error) {
    if (error instanceof CleanError) return undefined;
    throw error;
  }
}
