import { Buffer } from "node:buffer";
import { type Cleaner, emitYaml, kustomizeRefusal } from "@kubeferry/clean";
import { type JsonObject, type JsonValue, type ResourceType, typeName } from "@kubeferry/model";
import { sha256Of } from "../content.ts";
import type { Findings } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";
import { HOLDS_SECRET } from "../guard/secret-reasons.ts";
import { gitView, type ViewFacts } from "./git-view.ts";
import type { KnownViews } from "./known-views.ts";

/** An object as the step before hands it on. */
export interface Viewable {
  readonly source: string;
  readonly folder: string;
  readonly type: ResourceType;
  readonly ref: GitRef;
  readonly object: JsonObject;
}

/** An object as Git would hold it, and its file. */
export interface ViewedObject extends Viewable, ObjectFile {}

/** The bytes of an object's file. */
export interface ObjectFile {
  readonly yaml: Buffer;
  /** Of these bytes: 64 lower-case hex digits. */
  readonly sha256: string;
}

/** An object as Git would hold it, and its file, whichever source it was made of. */
export interface View extends ObjectFile {
  readonly object: JsonObject;
}

/** What the step asks of a run. */
export interface ViewContext {
  readonly cleaner: Cleaner;
  factsOf(object: Viewable): ViewFacts;
  /** Views that were made of the same object of other sources; left out, each is made. */
  readonly known?: KnownViews<View>;
  /** True when a text holds a Secret's value in clear. */
  holdsSecret(text: string): boolean;
  /**
   * Whether a file with these bytes was made of the same object before, of another source or for an environment, and
   * was let in: it is not looked through again.
   */
  isLetIn(object: Pick<Viewable, "folder" | "ref">, sha256: string): boolean;
  /** Why an object must stay out because it looks like it holds a credential; undefined when it does not. */
  scan(object: JsonObject, ref: GitRef, yaml: Buffer): string | undefined;
}

/** Turns an object into a file. What cannot be one, or must not, is blocked with its reason, never changed. */
export function viewObject(each: Viewable, context: ViewContext, findings: Findings): ViewedObject | undefined {
  const { source, folder, type, ref } = each;
  const facts = context.factsOf(each);
  const view = context.known?.find(each, facts) ?? makeView(each, facts, context);
  if ("refused" in view) {
    findings.block(ref, view.refused);
    return undefined;
  }
  findings.take(folder);
  return { source, folder, type, ref, ...view };
}

function makeView(each: Viewable, facts: ViewFacts, context: ViewContext): View | { readonly refused: string } {
  const object = gitView(each.object, each.type, context.cleaner, facts);
  const file = fileOf(object, each, context);
  if ("refused" in file) return file;
  const view = { object, ...file };
  context.known?.keep(each, facts, view);
  return view;
}

/** An object as the bytes of its file, or why it cannot be one or must not. */
export function fileOf(
  view: JsonObject,
  viewed: Pick<Viewable, "folder" | "type" | "ref">,
  context: FileContext,
): ObjectFile | { readonly refused: string } {
  const yaml = Buffer.from(emitYaml(view), "utf8");
  const sha256 = sha256Of(yaml);
  if (context.isLetIn(viewed, sha256)) return { yaml, sha256 };
  const refused = refusalOf(view, yaml, viewed.type, context) ?? context.scan(view, viewed.ref, yaml);
  return refused === undefined ? { yaml, sha256 } : { refused };
}

/** What decides whether something of an object may be a file. */
export type FileContext = Pick<ViewContext, "holdsSecret" | "scan" | "isLetIn">;

function refusalOf(view: JsonObject, yaml: Buffer, type: ResourceType, context: FileContext): string | undefined {
  if (typeName(type) === "secrets" || view.kind === "Secret") return "a Secret is never written to Git";
  const refused = kustomizeRefusal(view);
  if (refused !== undefined) return refused;
  return holdsSecret(view, context) || context.holdsSecret(yaml.toString("utf8")) ? HOLDS_SECRET : undefined;
}

/** Looks at every text of an object as it is read, not as YAML folds or escapes it. */
function holdsSecret(value: JsonValue, context: FileContext): boolean {
  if (typeof value === "string") return context.holdsSecret(value);
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, context));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => context.holdsSecret(key) || holdsSecret(item, context));
}
