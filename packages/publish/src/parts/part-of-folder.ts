import {
  type FileChange,
  type FolderChanges,
  type FolderPlan,
  NO_EFFECTS,
  OWNERSHIP_FILE,
  type OwnedFile,
  type Ownership,
  type RepositoryShape,
  readOwnership,
  type TipFolder,
  type WantedFile,
  writeOwnership,
} from "@kubeferry/layout";

/** A part of a folder: those of its files that are of some environments. */
export interface PartOfFolder {
  readonly name: string;
  isOwn(path: string): boolean;
}

/**
 * What a folder's plan does for one part: its own files, those that belong to no environment where it changes anything,
 * and an ownership file that says what is there once this part, and no other, is merged.
 * @param shared brings what belongs to no environment even where nothing else changes
 */
export function planOfPart(
  folder: FolderPlan,
  there: TipFolder,
  { isOwn }: PartOfFolder,
  { shape, shared }: { readonly shape: RepositoryShape; readonly shared: boolean },
): FolderPlan {
  if (folder.wanted === undefined) return folder;
  const place = (path: string) => shape.place(folder.folder, path);
  const isOfPart = (path: string) => path !== OWNERSHIP_FILE && (isOwn(path) || !path.includes("/"));
  const wanted = new Map([...folder.wanted].filter(([path]) => isOfPart(path)));
  const before = there.ownership;
  const after = ownershipOf(folder.wanted);
  const ownChanges = pick(folder.changes, ({ path }) => isOwn(insideOf(path, shape)));
  const isTouched = shared || sizeOf(ownChanges) > 0 || recordsDiffer(before, after, isOwn);
  if (!isTouched)
    return {
      ...folder,
      changes: pick(folder.changes, () => false),
      effects: NO_EFFECTS,
      wanted,
      kept: 0,
      warnings: [],
    };
  const changes = pick(folder.changes, ({ path }) => isOfPart(insideOf(path, shape)));
  const record = mergedOwnership(before, after, isOfPart, isOwn);
  const own = [...folder.effects.environments].filter(([environment]) => isOwn(`${environment}/`));
  const dropped = folder.effects.dropped.filter((environment) => isOwn(`${environment}/`));
  const effects = { ...folder.effects, environments: new Map(own), dropped };
  return { ...folder, effects, changes: withRecord(changes, record, there, place(OWNERSHIP_FILE)), wanted };
}

function insideOf(path: string, shape: RepositoryShape): string {
  return shape.parse(path)?.path ?? path;
}

function ownershipOf(wanted: ReadonlyMap<string, WantedFile>): Ownership | undefined {
  const content = wanted.get(OWNERSHIP_FILE)?.content;
  return content?.kind === "text" ? readOwnership(content.text, OWNERSHIP_FILE) : undefined;
}

/** Whether the ownership file says something else of the part's files, although their bytes stay. */
function recordsDiffer(
  before: Ownership | undefined,
  after: Ownership | undefined,
  isOwn: (path: string) => boolean,
): boolean {
  const own = (ownership: Ownership | undefined) => {
    const files = Object.entries(ownership?.files ?? {}).filter(([path]) => isOwn(path));
    const environments = Object.entries(ownership?.environments ?? {}).filter(([name]) => isOwn(`${name}/`));
    return writeOwnership({
      format: 1,
      rules: "",
      files: Object.fromEntries(files),
      environments: Object.fromEntries(environments),
    }).text;
  };
  return own(before) !== own(after);
}

/** What is there once the part is merged; undefined when nothing of ours is left. */
function mergedOwnership(
  before: Ownership | undefined,
  after: Ownership | undefined,
  isOfPart: (path: string) => boolean,
  isOwn: (path: string) => boolean,
): Ownership | undefined {
  const files: Record<string, OwnedFile> = {};
  for (const [path, file] of Object.entries(before?.files ?? {})) if (!isOfPart(path)) files[path] = file;
  for (const [path, file] of Object.entries(after?.files ?? {})) if (isOfPart(path)) files[path] = file;
  const environments: Record<string, Ownership["environments"][string]> = {};
  for (const [name, origin] of Object.entries(before?.environments ?? {}))
    if (!isOwn(`${name}/`)) environments[name] = origin;
  for (const [name, origin] of Object.entries(after?.environments ?? {}))
    if (isOwn(`${name}/`)) environments[name] = origin;
  const rules = after?.rules ?? before?.rules ?? "";
  return Object.keys(files).length === 0 ? undefined : { format: 1, rules, environments, files };
}

function withRecord(
  changes: FolderChanges,
  record: Ownership | undefined,
  there: TipFolder,
  path: string,
): FolderChanges {
  const digest = there.digests.get(OWNERSHIP_FILE);
  if (record === undefined) {
    return digest === undefined ? changes : { ...changes, removed: [...changes.removed, { path }] };
  }
  const content = writeOwnership(record);
  if (content.sha256 === digest) return changes;
  const change: FileChange = { path, content };
  return digest === undefined
    ? { ...changes, added: [...changes.added, change] }
    : { ...changes, changed: [...changes.changed, change] };
}

function pick(changes: FolderChanges, isMeant: (change: FileChange) => boolean): FolderChanges {
  return {
    added: changes.added.filter(isMeant),
    changed: changes.changed.filter(isMeant),
    removed: changes.removed.filter(isMeant),
  };
}

function sizeOf({ added, changed, removed }: FolderChanges): number {
  return added.length + changed.length + removed.length;
}
