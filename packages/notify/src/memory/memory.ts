import type { Call } from "@kubeferry/model";
import type { SubjectMemory } from "./subject-memory.ts";

/** What was told before, from one run to the next. It saves people messages; no correctness depends on it. */
export interface NewsMemory {
  /** What is known of a subject; never throws but when aborted: what cannot be read is not known. */
  read(subject: string, call: Call): Promise<SubjectMemory>;
  /** Keeps it as well as it can. */
  write(subject: string, memory: SubjectMemory, call: Call): Promise<void>;
}
