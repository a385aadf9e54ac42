import { KubeferryError } from "@kubeferry/model";
import { problemText } from "../present/problem.ts";

/** One line of the doctor: what was looked at, how it is, and what to run where it is not well. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** A command, or the key of the configuration to look at. */
  readonly next?: string;
  /** Where the documentation says more: "docs/stores.md". */
  readonly page?: string;
}

/** Runs one check; what it throws is its finding, and the next check still runs. */
export async function check(name: string, next: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check: name, ok: true, detail: await look() };
  } catch (error) {
    const own = error instanceof KubeferryError ? error.next : undefined;
    const page = pageAbout(name);
    return {
      check: name,
      ok: false,
      detail: problemText(error),
      next: own ?? next,
      ...(page === undefined ? {} : { page }),
    };
  }
}

/** By the first words of a check; the first that fits. */
const PAGES: readonly (readonly [string, string])[] = [
  ["cluster", "docs/troubleshooting.md#the-cluster-does-not-answer"],
  ["discovery", "docs/troubleshooting.md#the-cluster-does-not-answer"],
  ["right to list", "docs/troubleshooting.md#a-type-is-forbidden"],
  ["store: conditional put", "docs/stores.md"],
  ["store: ", "docs/troubleshooting.md#the-store-refuses-the-keys"],
  ["store", "docs/troubleshooting.md#the-store-does-not-answer"],
  ["announce", "docs/unattended.md"],
  ["host", "docs/hosts.md"],
  ["repository", "docs/git.md"],
];

function pageAbout(name: string): string | undefined {
  return PAGES.find(([words]) => name.startsWith(words))?.[1];
}
