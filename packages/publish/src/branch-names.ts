/** A branch of ours by its name. */
export interface BranchName {
  /** Undefined for the branch that holds everything. */
  readonly part: string | undefined;
  /** From 1; above it, the branches before hold somebody's work. */
  readonly number: number;
}

/** How many branches of one part are tried. */
export const MOST_BRANCHES = 20;

/**
 * The name of a branch: "kubeferry/main", "kubeferry/main-2", "kubeferry/main--shop", "kubeferry/main--shop+2". No name of
 * a namespace, an environment or a cluster holds a "+", so that no part's second branch is another part's first.
 */
export function branchName(configured: string, { part, number }: BranchName): string {
  const first = part === undefined ? configured : `${configured}--${part}`;
  if (number === 1) return first;
  return `${first}${part === undefined ? "-" : "+"}${number}`;
}

/** Reads such a name; undefined for a branch that is called otherwise. */
export function parseBranchName(configured: string, name: string): BranchName | undefined {
  if (name === configured) return { part: undefined, number: 1 };
  if (!name.startsWith(`${configured}-`)) return undefined;
  const rest = name.slice(configured.length);
  const [, numbered] = /^-(\d+)$/.exec(rest) ?? [];
  if (numbered !== undefined) return named(undefined, Number(numbered));
  const [, part, number = "1"] = /^--([^+]+)(?:\+(\d+))?$/.exec(rest) ?? [];
  return part === undefined ? undefined : named(part, Number(number));

  function named(of: string | undefined, count: number): BranchName | undefined {
    const parsed = { part: of, number: count };
    return count <= MOST_BRANCHES && branchName(configured, parsed) === name ? parsed : undefined;
  }
}
