import type { Call } from "@kubeferry/model";
import type { CatalogEntry } from "../catalog.ts";
import type { Content } from "../content.ts";
import { OWNERSHIP_FILE, type Ownership, readOwnership } from "../folders/ownership.ts";
import { refId } from "../git-ref.ts";
import { tipFolder } from "../repository/read-tip.ts";
import type { Planning } from "./planning.ts";

/**
 * Takes the bytes that Git has for a Secret that did not change since: encrypted anew they would be others. The base
 * branch counts first, then the branches that earlier runs left open.
 */
export async function reuseEncrypted(
  folder: string,
  entries: readonly CatalogEntry[],
  planning: Planning,
  call: Call,
): Promise<readonly CatalogEntry[]> {
  const wanted = entries.some((entry) =>
    [...contentsOf(entry)].some(({ secret }) => secret?.fingerprint !== undefined),
  );
  if (!wanted) return entries;
  const found = new Map<string, Content>();
  const atTip = tipFolder(planning.tip, folder).ownership;
  const commits: (readonly [string, Ownership | undefined])[] = [];
  for (const commit of planning.earlier(folder)) commits.push([commit, await onBranch(folder, commit, planning, call)]);
  commits.push([planning.tree.baseCommit, atTip]);
  for (const [commit, ownership] of commits) {
    if (ownership === undefined) continue;
    for (const [key, content] of await encryptedFiles(folder, commit, ownership, planning, call))
      found.set(key, content);
  }
  return entries.map((entry) => {
    const same = (content: Content) => found.get(keyOf(refId(entry.ref), content.secret?.fingerprint)) ?? content;
    return { ...entry, contents: mapped(entry.contents, same), variants: mapped(entry.variants, same) };
  });
}

function* contentsOf({ contents, variants }: CatalogEntry): Generator<Content> {
  yield* contents.values();
  yield* variants.values();
}

async function onBranch(
  folder: string,
  commit: string,
  { tree, shape }: Planning,
  call: Call,
): Promise<Ownership | undefined> {
  const path = shape.place(folder, OWNERSHIP_FILE);
  const text = await tree.readFile(commit, path, call);
  return text === undefined ? undefined : readOwnership(text.toString("utf8"), path);
}

async function encryptedFiles(
  folder: string,
  commit: string,
  ownership: Ownership,
  { tree, spool, shape }: Planning,
  call: Call,
): Promise<ReadonlyMap<string, Content>> {
  const found = new Map<string, Content>();
  for (const [path, { sha256, object, secret }] of Object.entries(ownership.files)) {
    if (object === undefined || secret?.fingerprint === undefined) continue;
    const bytes = await tree.readFile(commit, shape.place(folder, path), call);
    const content = bytes === undefined ? undefined : await spool.put(bytes);
    // A person's edit is no file of ours any more: it freezes the folder elsewhere.
    if (content?.sha256 === sha256) found.set(keyOf(refId(object), secret.fingerprint), { ...content, secret });
  }
  return found;
}

function keyOf(ref: string, fingerprint: string | undefined): string {
  return `${fingerprint ?? ""} ${ref}`;
}

function mapped(
  contents: ReadonlyMap<string, Content>,
  change: (content: Content) => Content,
): ReadonlyMap<string, Content> {
  return new Map([...contents].map(([key, content]) => [key, change(content)]));
}
