import { Buffer } from "node:buffer";
import { emitJson, pluralOf } from "@kubeferry/clean";
import { openSpool, type Spool } from "@kubeferry/layout";
import {
  compareTypes,
  compareUtf8,
  isJsonObject,
  type JsonObject,
  type ObjectKey,
  objectKey,
  type ResourceType,
  textAt,
  typeName,
} from "@kubeferry/model";
import type { ComparedType, Side, SideObject, SideType, Unlisted } from "./side.ts";

/** Objects out of files, as a side of a comparison: their names in memory, their content on disk. */
export interface FilesSide extends Side {
  /** Adds an object; one that was added before is replaced. @returns false for what is no object of Kubernetes */
  add(object: JsonObject): Promise<boolean>;
  has(type: Pick<ResourceType, "group" | "resource">, key: ObjectKey): boolean;
  close(): Promise<void>;
}

/** What files do not say of themselves. */
export interface FilesOptions {
  readonly description: string;
  /** What the API server of the other side serves: which plural a kind has, and where its objects lie. */
  readonly served: readonly ComparedType[];
  /** Whether an object that is in no file is known not to be wanted. */
  readonly knowsAbsent: (type: ComparedType, key: ObjectKey) => boolean;
  /** Why a type is nothing that these files would hold; undefined for one that they could. */
  readonly leftOut: (type: ComparedType) => string | undefined;
}

interface TypeFiles {
  readonly type: ComparedType;
  readonly objects: Map<ObjectKey, Awaited<ReturnType<Spool["put"]>>>;
  /** The versions that its files are written in. */
  readonly versions: Set<string>;
}

/**
 * Opens an empty side. Every served type that the files could hold is one of its types, so that what the other side
 * has besides can be told.
 */
export async function filesSide({ description, served, knowsAbsent, leftOut }: FilesOptions): Promise<FilesSide> {
  const spool = await openSpool();
  const found = new Map<string, TypeFiles>();
  for (const { group, version, resource, kind, namespaced } of served) {
    const type = { group, version, resource, kind, namespaced };
    if (leftOut(type) === undefined) found.set(typeName(type), { type, objects: new Map(), versions: new Set() });
  }
  const byKind = new Map(served.map((type) => [`${type.group}/${type.kind}`, type]));
  return {
    description,
    clusterUid: undefined,
    get types() {
      return [...found.values()].map((files) => sideType(files, knowsAbsent)).sort(compareTypes);
    },
    unlisted(type): Unlisted {
      const reason = leftOut(type);
      return reason === undefined ? { because: "absent" } : { because: "left-out", reason };
    },
    async add(object) {
      const type = typeOf(object, byKind);
      const name = textAt(object, "metadata", "name");
      if (type === undefined || name === undefined) return false;
      const files: TypeFiles = found.get(typeName(type)) ?? { type, objects: new Map(), versions: new Set() };
      found.set(typeName(type), files);
      files.versions.add(versionOf(String(object.apiVersion)));
      const key = objectKey(type.namespaced ? textAt(object, "metadata", "namespace") : undefined, name);
      files.objects.set(key, await spool.put(Buffer.from(emitJson(object), "utf8")));
      return true;
    },
    has: (type, key) => found.get(typeName(type))?.objects.has(key) === true,
    objects: (type) => read(found.get(typeName(type)), spool),
    schemas: async () => undefined,
    close: () => spool.close(),
  };
}

/** What the other side has of the type is compared in the version of the files, where it can be had in that. */
function sideType({ type, versions }: TypeFiles, knowsAbsent: FilesOptions["knowsAbsent"]): SideType {
  const [version = type.version, ...others] = [...versions].sort(compareUtf8);
  const reason = `files are written as ${[version, ...others].join(" and ")}, and only one version can be compared`;
  return {
    ...type,
    version,
    ...(others.length === 0 ? {} : { unknown: { because: "unread" as const, reason } }),
    knowsAbsent: (key) => knowsAbsent(type, key),
  };
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

async function* read(files: TypeFiles | undefined, spool: Spool): AsyncIterable<SideObject> {
  const entries = [...(files?.objects ?? [])].sort(([left], [right]) => compareUtf8(left, right));
  for (const [key, content] of entries) {
    yield { key, readable: true, line: await spool.read(content), wasSealed: false };
  }
}

/** A kind that is not served has the plural that kinds usually have, and lies where its file says. */
function typeOf(object: JsonObject, byKind: ReadonlyMap<string, ComparedType>): ComparedType | undefined {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isJsonObject(object.metadata)) return undefined;
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const served = byKind.get(`${group}/${kind}`);
  if (served !== undefined) {
    const { resource, namespaced } = served;
    return { group, version: served.version, resource, kind, namespaced };
  }
  const namespaced = textAt(object, "metadata", "namespace") !== undefined;
  return { group, version, resource: pluralOf(kind.toLowerCase()), kind, namespaced };
}
