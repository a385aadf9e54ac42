import type { ComparedType, Side, SideType } from "../sides/side.ts";
import type { NotCompared } from "./difference.ts";

/**
 * Why a type cannot be compared at all; undefined when it can.
 * @param left what the first side lists of it; undefined when it does not list it
 */
export function gapBetween({
  before,
  after,
  left,
  right,
  type,
}: {
  readonly before: Side;
  readonly after: Side;
  readonly left: SideType | undefined;
  readonly right: SideType | undefined;
  readonly type: ComparedType;
}): Omit<NotCompared, "resource"> | undefined {
  return gapOf(before, left, type) ?? gapOf(after, right, type) ?? otherVersion(left, right);
}

function gapOf(
  side: Side,
  listed: SideType | undefined,
  type: ComparedType,
): Omit<NotCompared, "resource"> | undefined {
  if (listed !== undefined) return listed.unknown && { ...listed.unknown, reason: at(side, listed.unknown.reason) };
  const unlisted = side.unlisted(type);
  return unlisted.because === "absent" ? undefined : { ...unlisted, reason: at(side, unlisted.reason) };
}

/** The same objects have other fields in another version. Where there are no objects that is all the same. */
function otherVersion(
  left: SideType | undefined,
  right: SideType | undefined,
): Omit<NotCompared, "resource"> | undefined {
  if (left === undefined || right === undefined || left.version === right.version) return undefined;
  if (left.segments?.length === 0 || right.segments?.length === 0) return undefined;
  return { because: "unread", reason: `one side has it as ${left.version}, the other as ${right.version}` };
}

function at({ description }: Side, reason: string): string {
  return `${description}: ${reason}`;
}
