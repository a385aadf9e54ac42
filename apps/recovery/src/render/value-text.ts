import { emitJson } from "@kubeferry/clean";
import type { JsonValue } from "@kubeferry/model";
import type { FieldChange } from "../compare/field-change.ts";

/** Values longer than this are cut: a line is for reading, JSON and unified have all of it. */
const LONGEST = 120;

/** A value on one line: as JSON, long ones cut. */
function valueText(value: JsonValue): string {
  const text = emitJson({ value })
    .slice(1, -2)
    .trim()
    .replace(/^"value":\s*/, "")
    .replaceAll(/\n\s*/g, " ");
  return text.length <= LONGEST ? text : `${[...text].slice(0, LONGEST).join("")}…`;
}

/** What became of a field: "1 → 3", "added true", "changed (hidden)". */
export function fieldText({ kind, before, after, hidden, order }: FieldChange): string {
  if (hidden === true) return `${kind} (hidden)`;
  if (order === true) return `order ${valueText(before ?? null)} → ${valueText(after ?? null)}`;
  if (kind === "changed") return `${valueText(before ?? null)} → ${valueText(after ?? null)}`;
  return `${kind} ${valueText((kind === "added" ? after : before) ?? null)}`;
}
