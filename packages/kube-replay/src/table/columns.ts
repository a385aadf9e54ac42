import type { JsonObject, JsonValue } from "@kubeferry/model";
import { text } from "./fields.ts";
import { since } from "./human-duration.ts";

/** One column of a table: its heading, and what it shows of an object. */
export interface Column {
  /** "Up-to-date"; kubectl prints it in capitals. */
  readonly name: string;
  readonly type: string;
  /** "name" marks the column that holds the object's name. */
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 and more only by `kubectl get -o wide`. */
  readonly priority: number;
  /** @param now the moment that ages are counted to */
  readonly cell: (object: JsonObject, now: Date) => JsonValue;
}

/** How objects of one kind are shown in a table. */
export interface PrintedKind {
  readonly columns: readonly Column[];
  /** What a row says beside its cells: that a Pod has run to its end. */
  readonly conditions?: (object: JsonObject) => JsonObject[];
}

/** A column of text. */
export function textColumn(name: string, cell: Column["cell"]): Column {
  return { name, type: "string", format: "", description: "", priority: 0, cell };
}

/** A column of whole numbers. */
export function integerColumn(name: string, cell: Column["cell"]): Column {
  return { ...textColumn(name, cell), type: "integer" };
}

/** A column of true and false. */
export function booleanColumn(name: string, cell: Column["cell"]): Column {
  return { ...textColumn(name, cell), type: "boolean" };
}

/** The column, shown by `-o wide` only. */
export function wide(column: Column): Column {
  return { ...column, priority: 1 };
}

/** The object's name, first in nearly every table. */
export const nameColumn: Column = {
  ...textColumn("Name", (object) => text(object, "metadata", "name")),
  format: "name",
};

/** How long ago the object was made: "3d4h". */
export const ageColumn: Column = textColumn("Age", (object, now) =>
  since(text(object, "metadata", "creationTimestamp"), now),
);

/** The moment the object was made, which the API server shows of types that have no table of their own. */
export const createdAtColumn: Column = {
  ...textColumn("Created At", (object) => text(object, "metadata", "creationTimestamp")),
  type: "date",
};
