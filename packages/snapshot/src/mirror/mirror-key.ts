import { type ObjectKey, pathSegment, splitObjectKey } from "@kubeferry/model";
import { PLAIN_TYPES } from "./plain-types.ts";

/** The folder of cluster-scoped objects; no namespace is called so. */
const CLUSTER_FOLDER = "_cluster";
/** Changes when the same template gives other keys. */
const VERSION = "keys-1";
const FINGERPRINT = /^keys-1:(\S+)\.(yaml|json)$/;

/** What a mirror key needs of a type. */
export interface MirroredType {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** How files are written, which their names end in. */
export type MirrorFormat = "yaml" | "json";

/** Where the files of a mirror lie. */
export interface MirrorKeys {
  /** "keys-1:{namespace}/{resource}/{name}.yaml": one word, from which `mirrorKeysOf` makes the same keys again. */
  readonly fingerprint: string;
  /**
   * Where an object's file lies below the cluster's root: "shop/deployments/web.yaml",
   * "shop/routes.route.openshift.io/web.yaml", "_cluster/clusterroles/view.yaml". Two objects never share a key, no
   * segment is longer than 255 bytes, and none climbs out or starts like the folders that this project keeps for itself.
   */
  of(type: MirroredType, key: ObjectKey): string;
  /** True for keys that `of` can give. */
  isKey(key: string): boolean;
}

/**
 * The keys of a template.
 * @param template names, `{namespace}`, `{resource}` or `{kind}`, and `{name}` with "/" between, as `layout.key` gives it
 */
export function mirrorKeys(template = "{namespace}/{resource}/{name}", format: MirrorFormat = "yaml"): MirrorKeys {
  const steps = template.split("/");
  const pattern = new RegExp(`^${steps.map(stepPattern).join("/")}\\.${format}$`);
  return {
    fingerprint: `${VERSION}:${template}.${format}`,
    of: (type, key) => `${steps.map((step) => segmentOf(step, type, key)).join("/")}.${format}`,
    isKey: (key) => pattern.test(key),
  };
}

/** The keys that a fingerprint of `mirrorKeys` stands for; undefined when it is none. */
export function mirrorKeysOf(fingerprint: string): MirrorKeys | undefined {
  const [, template, format] = FINGERPRINT.exec(fingerprint) ?? [];
  return template === undefined ? undefined : mirrorKeys(template, format === "json" ? "json" : "yaml");
}

function segmentOf(step: string, type: MirroredType, key: ObjectKey): string {
  const { namespace, name } = splitObjectKey(key, type.namespaced && key.includes("/"));
  switch (step) {
    case "{namespace}":
      return namespace === undefined ? CLUSTER_FOLDER : namespaceFolder(namespace);
    case "{resource}":
      return isPlain(type) ? pathSegment(type.resource) : groupedFolder(type.resource, type.group);
    case "{kind}":
      return isPlain(type) ? pathSegment(type.kind.toLowerCase()) : groupedFolder(singular(type), type.group);
    case "{name}":
      return pathSegment(name);
    default:
      return step;
  }
}

function stepPattern(step: string): string {
  if (step === "{namespace}") return `(?:${CLUSTER_FOLDER}|[^/_][^/]*)`;
  return step.startsWith("{") ? "[^/]+" : step.replaceAll(".", "\\.");
}

// Kubernetes gives no namespace a leading underscore; a server that did would reach into `_snapshots` or `_cluster`.
function namespaceFolder(namespace: string): string {
  const segment = pathSegment(namespace);
  return segment.startsWith("_") ? `%5F${segment.slice(1)}` : segment;
}

function isPlain({ group, resource }: MirroredType): boolean {
  return Object.hasOwn(PLAIN_TYPES, group) && PLAIN_TYPES[group]?.includes(resource) === true;
}

function groupedFolder(word: string, group: string): string {
  // A slash cannot be in a plural; in its place a dot of the plural gets escaped, and only the group's dots stay dots.
  return pathSegment(`${word.replaceAll(".", "/")}.${group}`);
}

/** The kind in lower case; with the plural behind it where that does not follow, as one kind can have two plurals. */
function singular({ kind, resource }: MirroredType): string {
  const word = kind.toLowerCase();
  return resource === pluralOf(word) ? word : `${word}-${resource}`;
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
