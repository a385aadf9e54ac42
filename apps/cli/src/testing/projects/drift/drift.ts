import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { idOf } from "../place-objects.ts";
import { type Edits, edited } from "./edit-object.ts";
import type { Stage } from "./stage.ts";

/** What somebody did to some objects in some clusters and not in the others. */
export interface Drift {
  readonly in: readonly Stage[];
  /** Which objects, by their ids: "apps/Deployment argocd/argocd-server". */
  readonly of: readonly string[];
  /** What is other there; "gone" where they are not there at all. */
  readonly edits: Edits | "gone";
}

/** Objects as one cluster has them. @throws where something has drifted that is not there */
export function drifted(objects: readonly JsonObject[], drifts: readonly Drift[], stage: Stage): JsonObject[] {
  const here = drifts.filter((drift) => drift.in.includes(stage));
  const ids = new Set(objects.map(idOf));
  const missing = here.flatMap(({ of }) => of).filter((id) => !ids.has(id));
  if (missing.length > 0) throw new Error(`no such object drifts in ${stage}: ${missing.join(", ")}`);
  return objects.flatMap((object) => {
    const own = here.filter(({ of }) => of.includes(idOf(object))).map(({ edits }) => edits);
    if (own.includes("gone")) return [];
    return [own.reduce<JsonObject>((before, edits) => (edits === "gone" ? before : edited(before, edits)), object)];
  });
}

/** Objects with other images, wherever containers are. */
export function withImages(objects: readonly JsonObject[], change: (image: string) => string): JsonObject[] {
  return objects.map((object) => inContainers(object, change) as JsonObject);
}

function inContainers(value: JsonValue, change: (image: string) => string): JsonValue {
  if (Array.isArray(value)) return value.map((each) => inContainers(each, change));
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).map(([key, inner]): [string, JsonValue] => [key, inContainers(inner, change)]);
  const mapped = Object.fromEntries(fields);
  // A definition's schema has properties called "image", too: those are maps.
  return typeof value.image === "string" ? { ...mapped, image: change(value.image) } : mapped;
}
