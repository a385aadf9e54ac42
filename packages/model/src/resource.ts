/** One type the API server serves: "deployments" of group "apps" at version "v1". */
export interface ResourceType {
  /** "" for core. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case: "deployments". */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Names one object; the group is never dropped. */
export interface ObjectRef {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** `namespace + "/" + name`, or the name alone for a cluster-scoped object: unique and ordered within one type. */
export type ObjectKey = string & { readonly __brand: "ObjectKey" };

/** "apps/v1", or "v1" for the core group. */
export function apiVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** "deployments.apps", or "services" for the core group: how people name a type. */
export function typeName(type: { readonly group: string; readonly resource: string }): string {
  return type.group === "" ? type.resource : `${type.resource}.${type.group}`;
}

/** The key of an object within its type. */
export function objectKey(namespace: string | undefined, name: string): ObjectKey {
  return (namespace === undefined || namespace === "" ? name : `${namespace}/${name}`) as ObjectKey;
}

/** Splits a key of a type again. */
export function splitObjectKey(key: ObjectKey, namespaced: boolean): { namespace?: string; name: string } {
  if (!namespaced) return { name: key };
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * Orders texts by their UTF-8 bytes, as the API server, etcd and S3 do. JavaScript's own `<` compares UTF-16 units and
 * puts characters above U+FFFF before U+E000.
 */
export function compareUtf8(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

// Surrogates stand for code points above U+FFFF, so they rank above every other unit.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The one order of types: group, then resource. */
export function compareTypes(
  left: { readonly group: string; readonly resource: string },
  right: { readonly group: string; readonly resource: string },
): number {
  return compareUtf8(left.group, right.group) || compareUtf8(left.resource, right.resource);
}
