import { typeName } from "@kubeferry/model";
import type { ReadableObject, SegmentRef, TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { ReplayError } from "../replay-error.ts";
import { selectableFieldsOf } from "../select/selectable-fields.ts";
import { selectionOf } from "../select/selection.ts";
import { isIn, type KeyRange, keyRangeOf, segmentsIn } from "./key-range.ts";

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
  const hidden = await hiddenIn(question, segments, range);
  if (hidden > 0) throw notReadable(type, hidden);
  return {
    async *behind(after) {
      for await (const object of catalogue.snapshot.objectsOf({ ...type, segments }, after, call)) {
        if (object.readable && isIn(object.key, range) && selection.takes(object.line)) yield object;
      }
    },
  };
}

/** How many objects of the range may be in segments that cannot be opened; of a single key it is known. */
async function hiddenIn(
  { catalogue: { snapshot }, call }: Question,
  segments: readonly SegmentRef[],
  range: KeyRange,
): Promise<number> {
  let hidden = 0;
  for (const segment of segments.filter((each) => !snapshot.isReadable(each))) {
    if (!range.single) hidden += segment.objects;
    else if ((await snapshot.segmentStates(segment, call)).some(({ key }) => isIn(key, range))) hidden++;
  }
  return hidden;
}

function notReadable(type: TypeEntry, objects: number): ReplayError {
  const next = "set encryption.identities to read them";
  return new ReplayError("forbidden", `${objects} ${typeName(type)} are encrypted in this snapshot; ${next}`);
}
