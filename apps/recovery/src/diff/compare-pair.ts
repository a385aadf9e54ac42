import { type Cleaner, isWithheld } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, parseJson } from "@kubeferry/model";
import { cleanPair } from "../compare/clean-pair.ts";
import { compareObjects } from "../compare/compare-objects.ts";
import type { TypeSchema } from "../compare/schema/type-schemas.ts";
import type { ComparedType, SideObject } from "../sides/side.ts";
import type { ObjectDifference } from "./difference.ts";
import { leftOutReason } from "./left-out.ts";
import { unifiedText } from "./unified-text.ts";

/** An object's content is known. */
export type Readable = Extract<SideObject, { readonly readable: true }>;

/** What two states of one object come to. */
export type Verdict =
  | { readonly is: "same" }
  | { readonly is: "left-out"; readonly reason: string }
  | { readonly is: "different"; readonly difference: Pick<ObjectDifference, "fields" | "recreated" | "unified"> };

/** How states of objects of one type are compared. */
export interface PairOptions {
  readonly type: ComparedType;
  readonly schema: TypeSchema | undefined;
  readonly cleaner: Cleaner;
  /** Both are of one cluster: another uid is another object. */
  readonly sameCluster: boolean;
  /** Also as the hunks of a unified diff. */
  readonly texts: boolean;
  /** Called for a Secret of which one side has no values. */
  onWithheld(): void;
}

const MADE_AGAIN = "deleted and made again with the same content";

/** Compares two states of an object whose content is known. */
export function comparePair(before: Readable, after: Readable, options: PairOptions): Verdict {
  if (before.line.equals(after.line)) return { is: "same" };
  const [left, right] = [parsed(before), parsed(after)];
  const { type, schema, cleaner, sameCluster, texts } = options;
  const [reason, otherReason] = [leftOutReason(left, type, cleaner), leftOutReason(right, type, cleaner)];
  if (reason !== undefined && otherReason !== undefined) return { is: "left-out", reason: otherReason };
  if (isSecret(type) && isWithheld(left) !== isWithheld(right)) options.onWithheld();
  const pair = cleanPair(left, right, { type, schema, cleaner });
  const hideValues = hidesValues(before, type) || hidesValues(after, type);
  const fields = compareObjects(pair.before, pair.after, { type, schema, hideValues });
  const recreated = sameCluster && uidOf(left) !== uidOf(right);
  // No difference in what is written down; but a claim that was made again has lost its data.
  if (fields.length === 0) return recreated ? { is: "left-out", reason: MADE_AGAIN } : { is: "same" };
  return {
    is: "different",
    difference: {
      fields,
      ...(recreated ? { recreated } : {}),
      ...(texts ? { unified: unifiedText(pair.before, pair.after, { type, hideValues }) } : {}),
    },
  };
}

/** Judges an object that only one side has. */
export function compareWithNothing(object: Readable, isBefore: boolean, options: PairOptions): Verdict {
  const { type, cleaner, texts } = options;
  const whole = parsed(object);
  const reason = leftOutReason(whole, type, cleaner);
  if (reason !== undefined) return { is: "left-out", reason };
  if (!texts) return { is: "different", difference: { fields: [] } };
  const content = cleaner.clean(whole, type).object;
  const [left, right] = isBefore ? [content, undefined] : [undefined, content];
  const unified = unifiedText(left, right, { type, hideValues: hidesValues(object, type) });
  return { is: "different", difference: { fields: [], unified } };
}

/** A Secret's values are hidden field by field; of what else was encrypted nobody knows which field was the reason. */
function hidesValues({ wasSealed }: Readable, type: ComparedType): boolean {
  return wasSealed && !isSecret(type);
}

function isSecret({ group, kind }: ComparedType): boolean {
  return group === "" && kind === "Secret";
}

function parsed({ line, key }: Readable): JsonObject {
  const object = parseJson(line.toString("utf8"));
  if (!isJsonObject(object)) throw new Error(`${key} is no object`);
  return object;
}

function uidOf({ metadata }: JsonObject): unknown {
  return isJsonObject(metadata) ? metadata.uid : undefined;
}
