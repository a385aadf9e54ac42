import type { JsonValue } from "@kubeferry/model";

/** One field that differs between two states of an object. */
export interface FieldChange {
  /**
   * Where, for people: "/spec/template/spec/containers/name=web/image". An element of a list with keys is named by them,
   * of a set by itself ("/metadata/finalizers/=example.com/hold"), of another list by its place. "/" and "~" within a
   * step are "~1" and "~0".
   */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  /** Absent where there was nothing, or the value is hidden. */
  readonly before?: JsonValue;
  /** Absent where there is nothing, or the value is hidden. */
  readonly after?: JsonValue;
  /** It is a value of a Secret: that it differs is said, what it is is not. */
  readonly hidden?: true;
  /** The elements stand in another order, which counts in this list; `before` and `after` name them as paths do. */
  readonly order?: true;
}
