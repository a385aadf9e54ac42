import { Buffer } from "node:buffer";
import { type Cleaner, emitYaml, kustomizeRefusal } from "@kubeferry/clean";
import { type JsonObject, type JsonValue, type ResourceType, typeName } from "@kubeferry/model";
import type { Findings } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";
import { HOLDS_SECRET } from "../guard/secret-reasons.ts";
import { gitView, type ViewFacts } from "./git-view.ts";

/** An object as the step before hands it on. */
export interface Viewable {
  readonly source: string;
  readonly folder: string;
  readonly type: ResourceType;
  readonly ref: GitRef;
  readonly object: JsonObject;
}

/** An object as Git would hold it, and the bytes of its file. */
export interface ViewedObject extends Viewable {
  readonly yaml: Buffer;
}

/** What the step asks of a run. */
export interface ViewContext {
  readonly cleaner: Cleaner;
  factsOf(object: Viewable): ViewFacts;
  /** True when a text holds a Secret's value in clear. */
  holdsSecret(text: string): boolean;
  /** Why an object must stay out because it looks like it holds a credential; undefined when it does not. */
  scan(object: JsonObject, ref: GitRef, yaml: Buffer): string | undefined;
}

/** Turns objects into files. What cannot be one, or must not, is blocked with its reason, never changed. */
export async function* viewObjects(
  objects: AsyncIterable<Viewable>,
  context: ViewContext,
  findings: Findings,
): AsyncIterable<ViewedObject> {
  for await (const each of objects) {
    const object = gitView(each.object, each.type, context.cleaner, context.factsOf(each));
    const file = fileOf(object, each, context);
    if ("refused" in file) findings.block(each.ref, file.refused);
    else {
      findings.take(each.folder);
      const { source, folder, type, ref } = each;
      yield { source, folder, type, ref, object, yaml: file.yaml };
    }
  }
}

/** An object as the bytes of its file, or why it cannot be one or must not. */
export function fileOf(
  view: JsonObject,
  { type, ref }: Pick<Viewable, "type" | "ref">,
  context: SecretCheck,
): { readonly yaml: Buffer } | { readonly refused: string } {
  const yaml = Buffer.from(emitYaml(view), "utf8");
  const refused = refusalOf(view, yaml, type, context) ?? context.scan(view, ref, yaml);
  return refused === undefined ? { yaml } : { refused };
}

type SecretCheck = Pick<ViewContext, "holdsSecret" | "scan">;

function refusalOf(view: JsonObject, yaml: Buffer, type: ResourceType, context: SecretCheck): string | undefined {
  if (typeName(type) === "secrets" || view.kind === "Secret") return "a Secret is never written to Git";
  const refused = kustomizeRefusal(view);
  if (refused !== undefined) return refused;
  return holdsSecret(view, context) || context.holdsSecret(yaml.toString("utf8")) ? HOLDS_SECRET : undefined;
}

/** Looks at every text of an object as it is read, not as YAML folds or escapes it. */
function holdsSecret(value: JsonValue, context: SecretCheck): boolean {
  if (typeof value === "string") return context.holdsSecret(value);
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, context));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => context.holdsSecret(key) || holdsSecret(item, context));
}
