import { KubeferryError } from "@kubeferry/model";
import { problemText } from "../present/problem.ts";

/** One line of the doctor: what was looked at, how it is, and what to run where it is not well. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** A command, or the key of the configuration to look at. */
  readonly next?: string;
}

/** Runs one check; what it throws is its finding, and the next check still runs. */
export async function check(name: string, next: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check: name, ok: true, detail: await look() };
  } catch (error) {
    const own = error instanceof KubeferryError ? error.next : undefined;
    return { check: name, ok: false, detail: problemText(error), next: own ?? next };
  }
}
