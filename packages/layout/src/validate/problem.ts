import { pointerStep } from "@kubeferry/model";
/** What one check has to say of one object, before it is known which environments it counts for. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** "nesting", "unknown-field", "policy/few-replicas". */
  readonly rule: string;
  /** JSON pointer; absent where it is about the object as a whole. */
  readonly field?: string;
  /** Names, types and numbers, never a value. */
  readonly message: string;
}

/** How many characters of a pointer are shown: keys are a stranger's, and may be thousands of characters long. */
const LONGEST_POINTER = 300;

/** The way to a field as a JSON pointer, the root's is "". */
export function pointerOf(path: readonly (string | number)[]): string {
  const pointer = path.map(pointerStep).join("");
  return pointer.length > LONGEST_POINTER ? `${pointer.slice(0, LONGEST_POINTER)}…` : pointer;
}
