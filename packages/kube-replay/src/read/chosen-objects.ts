import { typeName } from "@kubeferry/model";
import type { ReadableObject, TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { ReplayError } from "../replay-error.ts";
import { selectableFieldsOf } from "../select/selectable-fields.ts";
import { selectionOf } from "../select/selection.ts";
import { isIn, keyRangeOf, segmentsIn } from "./key-range.ts";

/** The objects of a type that a list or a watch is about. */
export interface ChosenObjects {
  /** In the order of keys, those behind `after` ("" for all); one segment in memory at a time. */
  behind(after: string): AsyncIterable<ReadableObject>;
}

/**
 * Reads what the query selects.
 * @throws ReplayError "bad-request" for a selector that cannot be used; "forbidden" when some of the objects that could
 * be meant are encrypted and cannot be opened: a list without them would say that they are gone
 */
export async function chooseObjects(
  question: Question,
  type: TypeEntry,
  namespace: string | undefined,
): Promise<ChosenObjects> {
  const { catalogue, call, url } = question;
  const query = url.searchParams;
  const selectable = query.has("fieldSelector") ? await selectableFieldsOf(catalogue, type, call) : undefined;
  const selection = selectionOf(query, type, selectable);
  const range = keyRangeOf(type, namespace, selection.name);
  const segments = segmentsIn(type, range);
  const sealed = segments.filter((segment) => !catalogue.snapshot.isReadable(segment));
  if (sealed.length > 0)
    throw notReadable(
      type,
      sealed.reduce((total, { objects }) => total + objects, 0),
    );
  return {
    async *behind(after) {
      for await (const object of catalogue.snapshot.objectsOf({ ...type, segments }, after, call)) {
        if (object.readable && isIn(object.key, range) && selection.takes(object.line)) yield object;
      }
    },
  };
}

function notReadable(type: TypeEntry, objects: number): ReplayError {
  const next = "set encryption.identities to read them";
  return new ReplayError("forbidden", `${objects} ${typeName(type)} are encrypted in this snapshot; ${next}`);
}
