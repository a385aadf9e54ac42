import type { Repeating } from "../http/repeat.ts";
import type { GitPlatform, RepoRef } from "../platform.ts";

/** A host under test: real, or a stand-in that holds state. */
export interface ContractHost {
  /**
   * Opens the adapter; the suite closes it. `known: false`: with a credential of the usual form that the host does not
   * know. What is given beyond is to be handed to the adapter as it is.
   */
  open(how: OpenHow): GitPlatform;
  /** Every form in which the credentials of `open` could be written: the token, user and password in Base64. */
  readonly credentials: readonly string[];
  readonly people: ContractPeople;
  /** So many open requests do not fit on one page of its lists. */
  readonly manyRequests: number;
  /**
   * Makes a repository whose branch `main` has a commit, and branches that are one commit ahead of it, each with a commit
   * of its own.
   */
  freshRepository(...branches: readonly string[]): Promise<ContractRepository>;
  /** Every request that reached the host through the adapters so far. */
  requests(): readonly ContractRequest[];
  /** Has the host answer wrongly from now on; `behave` ends it. */
  misbehave(rule: ContractFault): void;
  behave(): void;
  close(): Promise<void>;
}

/** How the suite wants the adapter opened. */
export interface OpenHow {
  readonly known: boolean;
  readonly timeoutMs?: number;
  readonly repeating?: Partial<Repeating>;
}

/** A request as it went over the wire, its path with the query. */
export interface ContractRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What a host is told to answer wrongly: all requests, or those that match. */
export interface ContractFault {
  readonly fault:
    | { readonly type: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
    | { readonly type: "page"; readonly status: 200 | 203 }
    | { readonly type: "slow" }
    | { readonly type: "cut" };
  readonly times?: number;
  readonly matches?: (request: ContractRequest) => boolean;
}

/** Names that exist on the host, as the configuration would name them. Left out where the host has no such thing. */
export interface ContractPeople {
  /** Two who may work on every repository, neither being the token's user. */
  readonly users: readonly [string, string];
  readonly team?: string;
}

/** A repository of one test. */
export interface ContractRepository {
  readonly repo: RepoRef;
  /** The newest commit of a branch. */
  commitOf(branch: string): Promise<string>;
  label(name: string): Promise<void>;
  milestone(title: string): Promise<void>;
  /** Has a branch refuse direct pushes of this token, and demand statuses before a merge. */
  protect(branch: string, requiredStatuses: readonly string[]): Promise<void>;
  merge(number: number): Promise<void>;
  /** Comments as another person. */
  commentAsOther(number: number, text: string): Promise<void>;
  /** The request as the host itself tells it, not through the adapter. */
  look(number: number): Promise<LookedAt>;
}

/** A request as the host has it; lists in any order, empty where the host has no such thing. */
export interface LookedAt {
  readonly state: "open" | "closed" | "merged";
  readonly title: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly teams: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: string | undefined;
  /** Oldest first. */
  readonly comments: readonly string[];
  /** Whether it will be merged by itself; undefined where the host does not tell. */
  readonly autoMerge: boolean | undefined;
}

/** Where a host differs from the contract, each with its reason. */
export interface Differences {
  /** Why the host never answers 422 or the like when two branches are equal. */
  readonly equalBranches?: string;
  /** Why a branch that was never pushed is told another way than by not-found. */
  readonly missingBranch?: string;
  /** Why no label can be unknown: the host makes those that there are not. */
  readonly unknownLabel?: string;
  /** Why a milestone or a person cannot be unknown. */
  readonly unknownPerson?: string;
  /** Why the host does not tell what protects a branch. */
  readonly branchRules?: string;
  /** Why a draft can be set to be merged by itself. */
  readonly draftAutoMerge?: string;
  /** Why an answer means something else than it usually does: "enableAutoMerge 409" -> reason. */
  readonly faults?: Readonly<Record<string, string>>;
}
