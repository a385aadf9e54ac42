import { type Call, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { ReplayCatalogue } from "../catalogue.ts";

/** One object's captured bytes; "sealed" when it is there but cannot be opened, which is not the same as "absent". */
export async function findLine(
  { snapshot }: ReplayCatalogue,
  { segments }: TypeEntry,
  wanted: ObjectKey,
  call: Call,
): Promise<Buffer | "absent" | "sealed"> {
  // At most two: an open segment, and the encrypted one beside it.
  const spanning = segments.filter(
    ({ first, last }) => compareUtf8(first, wanted) <= 0 && compareUtf8(wanted, last) <= 0,
  );
  for (const segment of spanning) {
    if (!snapshot.isReadable(segment)) {
      const states = await snapshot.segmentStates(segment, call);
      if (states.some(({ key }) => key === wanted)) return "sealed";
      continue;
    }
    const objects = await snapshot.segmentObjects(segment, call);
    const found = objects.find(({ key }) => key === wanted);
    if (found !== undefined) return found.line;
  }
  return "absent";
}
