import type { Call } from "@kubeferry/model";
import { application } from "../argocd/application.ts";
import { applicationPath } from "../argocd/names.ts";
import { namespaceOf } from "../catalog.ts";
import type { FolderLayout, WantedFile } from "../folders/folder-layout.ts";
import {
  type EnvironmentOrigin,
  OWNERSHIP_FILE,
  type OwnedFile,
  type Ownership,
  writeOwnership,
} from "../folders/ownership.ts";
import { SECRETS_TODO, secretsTodo } from "../folders/secrets-todo.ts";
import { scaledOf } from "../generation.ts";
import { tipFolder } from "../repository/read-tip.ts";
import { overlayPlace } from "../shape/shape.ts";
import { argocdSettings, type Planning } from "./planning.ts";

/** All files of a folder: its layout, the list of its Secrets, its Applications, and what says that they are ours. */
export async function folderFiles(
  folder: string,
  layout: FolderLayout,
  planning: Planning,
  call: Call,
): Promise<ReadonlyMap<string, WantedFile>> {
  if (layout.files.size === 0) return layout.files;
  const files = new Map(layout.files);
  const todo = await secretsFile(folder, planning, call);
  if (todo !== undefined) files.set(SECRETS_TODO, todo);
  for (const { name, source } of planning.environments) {
    if (!layout.environments.some((each) => each.name === name)) continue;
    const settings = planning.settingsOf(namespaceOf(folder), name);
    const scaled = scaledOf(planning.generation, folder, source);
    const path = overlayPlace(planning.shape, folder, name);
    for (const place of settings.places) {
      const spec = { folder, path, environment: name, place, settings, scaled };
      const content = application(spec, argocdSettings(planning));
      files.set(applicationPath(name, place.name), { content });
    }
  }
  return withSettledMarks(folder, files, originsOf(folder, layout, planning), planning);
}

/**
 * With the ownership that Git has where nothing but marks of a rollback would change in it: a mark that is outlived does
 * no harm, and is no reason for a request.
 */
function withSettledMarks(
  folder: string,
  files: ReadonlyMap<string, WantedFile>,
  origins: Readonly<Record<string, EnvironmentOrigin>>,
  planning: Planning,
): ReadonlyMap<string, WantedFile> {
  const { ownership, digests } = tipFolder(planning.tip, folder);
  // Most runs have thousands of files to name, and none of them Git's to compare with.
  if (!digests.has(OWNERSHIP_FILE)) return withOwnership(files, origins, planning);
  const before = ownership?.environments ?? {};
  const marked = Object.entries(origins).map(([name, { rolledBack: _now, ...origin }]) => {
    const rolledBack = before[name]?.rolledBack;
    return [name, rolledBack === undefined ? origin : { ...origin, rolledBack }] as const;
  });
  const asBefore = withOwnership(files, Object.fromEntries(marked), planning);
  const isAsBefore = asBefore.get(OWNERSHIP_FILE)?.content.sha256 === digests.get(OWNERSHIP_FILE);
  return isAsBefore ? asBefore : withOwnership(files, origins, planning);
}

/** The files with the one that names them all. No files, no ownership. */
export function withOwnership(
  files: ReadonlyMap<string, WantedFile>,
  environments: Ownership["environments"],
  { cleaner }: Pick<Planning, "cleaner">,
): ReadonlyMap<string, WantedFile> {
  if (files.size === 0) return files;
  const owned: Record<string, OwnedFile> = {};
  for (const [path, { content, object }] of files) {
    const { sha256, secret } = content;
    owned[path] = { sha256, ...(object === undefined ? {} : { object }), ...(secret === undefined ? {} : { secret }) };
  }
  const content = writeOwnership({ format: 1, rules: cleaner.fingerprint, environments, files: owned });
  return new Map([...files, [OWNERSHIP_FILE, { content }]]);
}

function originsOf(folder: string, layout: FolderLayout, planning: Planning): Record<string, EnvironmentOrigin> {
  const own = namespaceOf(folder);
  const origins: Record<string, EnvironmentOrigin> = {};
  for (const { name, source, standalone } of layout.environments) {
    const origin = planning.sources.find(({ id }) => id === source)?.origin;
    const { overridden, namespace } = planning.settingsOf(own, name);
    if (origin === undefined) continue;
    origins[name] = {
      ...origin,
      ...(standalone ? { standalone } : {}),
      ...(overridden ? { elsewhere: true } : {}),
      ...(namespace === undefined || namespace === own ? {} : { namespace }),
    };
  }
  return origins;
}

async function secretsFile(folder: string, planning: Planning, call: Call): Promise<WantedFile | undefined> {
  const namespace = namespaceOf(folder);
  if (namespace === undefined) return undefined;
  const notes = planning.generation.findings.secrets.filter((note) => note.folder === folder);
  if (notes.length > 0) return { content: secretsTodo(namespace, notes, planning.environments) };
  // No Secret was seen: the list goes only when Secrets were really looked for.
  const looked = planning.sources.every(({ listsSecrets }) => listsSecrets);
  const recorded = tipFolder(planning.tip, folder).ownership?.files[SECRETS_TODO];
  if (looked || recorded === undefined) return undefined;
  const bytes = await planning.tree.readFile(
    planning.tree.baseCommit,
    planning.shape.place(folder, SECRETS_TODO),
    call,
  );
  return bytes === undefined ? undefined : { content: await planning.spool.put(bytes) };
}
