import { CleanError, equalJson, parseYaml } from "@kubeferry/clean";
import { code, type FileChange, type FolderEffects, type FolderPlan, type Plan, refTitle } from "@kubeferry/layout";
import { compareUtf8, isJsonObject, type JsonObject, type JsonValue, objectsAt } from "@kubeferry/model";
import type { ChangedFiles } from "@kubeferry/publish";
import { compareObjects } from "../compare/compare-objects.ts";
import type { FieldChange } from "../compare/field-change.ts";

/** How many fields of one object are shown. */
const MOST_FIELDS = 20;
/** The longest value that is shown whole. */
const LONGEST = 80;

/**
 * What a plan does to each object of the repository, in Markdown: "- `Deployment shop/web` changes" and a line for each
 * field below it; of a kustomization, a line for each image and number of replicas. A change of the base that not all
 * environments build says which do. What is encrypted is named and not compared.
 */
export async function changedObjects(plan: Plan, files: ChangedFiles): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { changes, effects } of plan.folders) {
    for (const change of changes.removed) if (change.moved !== true) lines.push(...titled(change, "is removed"));
    for (const change of changes.added) if (change.moved !== true) lines.push(...titled(change, "is new"));
    const moved = [...changes.added, ...changes.removed].filter((each) => each.moved === true);
    for (const change of moved) lines.push(...titled(change, "moves"));
    for (const change of changes.changed) lines.push(...(await changed(change, effects, files)));
    lines.push(...changedByKustomization({ changes, effects }));
  }
  return lines;
}

/** What has no changed file of its own: its images or replicas stand in the kustomization of an overlay. */
function changedByKustomization({ changes, effects }: Pick<FolderPlan, "changes" | "effects">): readonly string[] {
  const files = [...changes.added, ...changes.changed, ...changes.removed];
  const named = new Set(files.flatMap(({ object }) => (object === undefined ? [] : [refTitle(object)])));
  return [...effects.environments].flatMap(([environment, each]) =>
    each.changed
      .map(refTitle)
      .filter((title) => !named.has(title))
      .map((title) => `- ${code(title)} changes in ${code(environment)} (images or replicas of its kustomization)`),
  );
}

function titled(change: FileChange, what: string): readonly string[] {
  const { object, path } = change;
  return object === undefined ? [] : [`- ${code(refTitle(object))} ${what} (${code(path)})`];
}

async function changed(change: FileChange, effects: FolderEffects, files: ChangedFiles): Promise<readonly string[]> {
  const { object, content } = change;
  if (object === undefined) return kustomized(change, files);
  const title = titled(change, changesWhere(change, effects));
  if (content?.secret !== undefined) return title;
  const [before, after] = [objectIn(await files.before(change)), objectIn(await files.after(change))];
  if (before === undefined || after === undefined) return title;
  return [...title, ...fieldLines(compareObjects(before, after, { type: object }))];
}

/** Where the base follows most clusters, the environments that keep what they had build no change. */
function changesWhere({ path, object }: FileChange, { environments }: FolderEffects): string {
  if (object === undefined || !path.includes("/base/")) return "changes";
  const title = refTitle(object);
  const building = [...environments].filter(([, each]) => each.changed.some((ref) => refTitle(ref) === title));
  if (building.length === environments.size) return "changes";
  if (building.length === 0) return "is written otherwise and changes in no environment";
  return `changes only in ${building.map(([name]) => code(name)).join(", ")}`;
}

/** What the kustomization of an overlay says of images and replicas is in no file of an object. */
async function kustomized(change: FileChange, files: ChangedFiles): Promise<readonly string[]> {
  if (!change.path.endsWith("/kustomization.yaml")) return [];
  const [before, after] = [entriesIn(await files.before(change)), entriesIn(await files.after(change))];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(compareUtf8);
  const fields = paths.flatMap((path) => entryChange(path, before.get(path), after.get(path)));
  return fields.length === 0 ? [] : [`- ${code(change.path)} changes`, ...fieldLines(fields)];
}

/** By place: "/images/nginx" with `{"newTag":"1.30"}`, "/replicas/web" with `{"count":3}`. */
function entriesIn(text: string | undefined): ReadonlyMap<string, JsonObject> {
  const kustomization = objectIn(text) ?? {};
  const entries = ["images", "replicas"].flatMap((field) =>
    objectsAt(kustomization, field).map(({ name, ...entry }) => [`/${field}/${String(name)}`, entry] as const),
  );
  return new Map(entries);
}

function entryChange(path: string, before: JsonObject | undefined, after: JsonObject | undefined): FieldChange[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: "added", after }];
  if (after === undefined) return [{ path, kind: "removed", before }];
  return equalJson(before, after) ? [] : [{ path, kind: "changed", before, after }];
}

function fieldLines(fields: readonly FieldChange[]): readonly string[] {
  const more = fields.length - MOST_FIELDS;
  return [
    ...fields.slice(0, MOST_FIELDS).map((field) => `  - ${fieldText(field)}`),
    ...(more > 0 ? [`  - and ${more} more`] : []),
  ];
}

/** Undefined for what is no whole object: a patch by operations, or a text that people broke. */
function objectIn(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value = parseYaml(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof CleanError) return undefined;
    throw error;
  }
}

function fieldText({ path, kind, before, after, hidden }: FieldChange): string {
  if (hidden) return `${code(path)} ${kind}`;
  switch (kind) {
    case "added":
      return `${code(path)}: ${shown(after)} is added`;
    case "removed":
      return `${code(path)}: ${shown(before)} goes`;
    case "changed":
      return `${code(path)}: ${shown(before)} → ${shown(after)}`;
    default:
      return kind satisfies never;
  }
}

function shown(value: JsonValue | undefined): string {
  const text =
    JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? each.toString() : each)) ?? "";
  return code(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
