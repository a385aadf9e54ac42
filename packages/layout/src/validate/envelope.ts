import { apiVersionOf, at, isJsonObject, type JsonValue, type ResourceType } from "@kubeferry/model";

/** The names that decide which file an object becomes. */
interface Names {
  readonly namespace?: string;
  readonly name: string;
}

/** What the cleaning and writing of an object can take without exhausting the stack. */
const MAX_LEVELS = 1000;

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const KIND = /^[A-Za-z][A-Za-z0-9]{0,99}$/;
const RESOURCE = /^[a-z][a-z0-9-]{0,99}$/;

/** Whether a cluster can have a namespace of this name. */
export function canBeNamespace(name: string): boolean {
  return LABEL.test(name);
}

/**
 * Why an object's names cannot be those of an object in a cluster, as half a sentence; undefined when they can. Names
 * become folders and files, and whoever can write to the bucket can write any name.
 * @see Kubernetes: DNS labels for namespaces, DNS subdomains for groups, path segments for names
 */
export function nameProblem(type: ResourceType, { namespace, name }: Names): string | undefined {
  if (type.group !== "" && !SUBDOMAIN.test(type.group)) return "its group is no DNS name";
  if (!KIND.test(type.kind)) return "its kind is no word of letters and digits";
  if (!RESOURCE.test(type.resource)) return "the name of its type is no word of lower-case letters and digits";
  const isNamespace = type.group === "" && type.resource === "namespaces";
  if (namespace !== undefined && !canBeNamespace(namespace)) return "its namespace is no DNS label";
  if (isNamespace && !canBeNamespace(name)) return "it is a Namespace, and its name is no DNS label";
  if (name === "" || name.length > 253) return "its name is empty or longer than 253 characters";
  if (name === "." || name === ".." || /[/%]|\p{Cc}/u.test(name)) return "its name cannot be a segment of a path";
  return undefined;
}

/**
 * Why a line of a snapshot is not the object that it stands for, as half a sentence; undefined when it is. The key
 * decides where an object is written, so an object that says of itself to be another one is not written anywhere.
 */
export function envelopeProblem(value: JsonValue, type: ResourceType, { namespace, name }: Names): string | undefined {
  if (!isJsonObject(value)) return "it is no JSON object";
  const { apiVersion, kind } = { apiVersion: at(value, "apiVersion"), kind: at(value, "kind") };
  if (typeof apiVersion !== "string") return "it has no apiVersion";
  if (apiVersion !== apiVersionOf(type)) return `its apiVersion is not ${apiVersionOf(type)}`;
  if (kind !== type.kind) return `its kind is not ${type.kind}`;
  if (at(value, "metadata", "name") !== name) return "its metadata.name is not the name it is stored under";
  if ((at(value, "metadata", "namespace") ?? undefined) !== namespace)
    return "its metadata.namespace is not the one it is stored under";
  return isDeeper(value, MAX_LEVELS) ? `it is nested more than ${MAX_LEVELS} levels deep` : undefined;
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(item, levels - 1)) return true;
  return false;
}
