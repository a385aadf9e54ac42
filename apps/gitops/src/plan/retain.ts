import type { CatalogEntry } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type GitRef, refId } from "../git-ref.ts";
import type { TipFolder } from "../repository/read-tip.ts";

/** An object's file at the base tip that no source gives any more. */
export interface MissingObject {
  /** From the folder: "base/deployment-web.yaml". */
  readonly path: string;
  readonly ref: GitRef;
  /** The object whose absence lets the file go: `ref`, or the Secret that the file stands for. */
  readonly proof: GitRef;
}

/**
 * The objects that Git has from a source and the source does not give now: gone, or only left out, unread, filtered.
 * @param source `uid` is that of its cluster; `others` are environments that are made from other sources now
 */
export function missingObjects(
  tip: TipFolder,
  entries: ReadonlyMap<string, CatalogEntry>,
  source: { readonly id: string; readonly uid: string; readonly others: readonly string[] },
): readonly MissingObject[] {
  if (tip.ownership === undefined) return [];
  const from = Object.entries(tip.ownership.environments).filter(
    ([environment, origin]) => origin.uid === source.uid && !source.others.includes(environment),
  );
  if (from.length === 0) return [];
  const folders = new Set(["base", ...from.map(([environment]) => environment)]);
  const missing: MissingObject[] = [];
  for (const [path, { object: ref, secret }] of Object.entries(tip.ownership.files)) {
    if (ref === undefined || !folders.has(path.slice(0, path.indexOf("/")))) continue;
    if (!entries.get(refId(ref))?.contents.has(source.id))
      missing.push({ path, ref, proof: secret === undefined ? ref : secretOf(ref) });
  }
  return missing;
}

/** The Secret that a file of ours stands for. */
export function secretOf({ namespace, name }: GitRef): GitRef {
  return { group: "", resource: "secrets", kind: "Secret", name, ...(namespace === undefined ? {} : { namespace }) };
}

/** What Git keeps of a source although the source does not give it now. */
export interface RetainedObject {
  readonly source: string;
  readonly ref: GitRef;
  /** The file as the base tip has it. */
  readonly content: Content;
}

/** The entries with what is kept put in as if its source still gave it. */
export function withRetained(
  entries: ReadonlyMap<string, CatalogEntry>,
  retained: readonly RetainedObject[],
): readonly CatalogEntry[] {
  const merged = new Map(entries);
  for (const { source, ref, content } of retained) {
    const entry = merged.get(refId(ref));
    merged.set(refId(ref), {
      ref: entry?.ref ?? ref,
      contents: new Map([...(entry?.contents ?? []), [source, content]]),
      variants: entry?.variants ?? new Map(),
      leftOutOf: entry?.leftOutOf ?? new Set(),
    });
  }
  return [...merged.values()];
}
