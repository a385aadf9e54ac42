import type { NewsMemory } from "./memory.ts";
import { NO_NEWS, type SubjectMemory } from "./subject-memory.ts";

/** Lives as long as the process. */
export function createProcessMemory(): NewsMemory {
  const subjects = new Map<string, SubjectMemory>();
  return {
    read: async (subject) => subjects.get(subject) ?? NO_NEWS,
    async write(subject, memory) {
      subjects.set(subject, memory);
    },
  };
}
