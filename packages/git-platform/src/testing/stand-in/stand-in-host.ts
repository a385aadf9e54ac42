import { randomBytes } from "node:crypto";
import type { ContractHost, ContractRepository, LookedAt } from "../../contract/contract-host.contract.ts";
import {
  addComment,
  addRepository,
  commitId,
  findPull,
  type HostState,
  mergePull,
  type PullState,
  type RepositoryState,
} from "./host-state.ts";
import type { StandIn } from "./stand-in.ts";

/** What makes a stand-in a host that the contract can be run against. */
export interface StandInHostOptions extends Pick<ContractHost, "open" | "credentials" | "people"> {
  readonly standIn: StandIn;
  readonly state: HostState;
  /** Who owns the repositories: "acme", or "acme/platform". */
  readonly owner: string;
}

/** A stand-in as the contract wants a host. Closing it fails when a request was not as the host would have it. */
export function standInHost({ standIn, state, owner, ...rest }: StandInHostOptions): ContractHost {
  return {
    manyRequests: 60,
    ...rest,
    async freshRepository(...branches) {
      const repository = addRepository(state, owner, `test-${randomBytes(4).toString("hex")}`);
      for (const branch of branches) repository.branches.set(branch, commitId(`${owner}/${repository.name} ${branch}`));
      return repositoryOf(state, repository);
    },
    requests: () => standIn.requests,
    misbehave: (rule) => standIn.faults.misbehave(rule),
    behave: () => standIn.faults.behave(),
    async close() {
      await standIn.close();
      if (standIn.violations.length === 0) return;
      const listed = [...new Set(standIn.violations)].slice(0, 20).join("\n");
      throw new Error(`${standIn.violations.length} requests that the host would not have taken:\n${listed}`);
    },
  };
}

function repositoryOf(state: HostState, repository: RepositoryState): ContractRepository {
  const { owner, name } = repository;
  const pullOf = (number: number): PullState => {
    const pull = findPull(repository, number);
    if (pull === undefined) throw new Error(`the stand-in has no request ${number}`);
    return pull;
  };
  const other = [...state.users].at(-1) ?? "somebody";
  return {
    repo: { owner, name },
    commitOf: async (branch) => repository.branches.get(branch) ?? "",
    label: async (label) => void repository.labels.add(label),
    milestone: async (title) => void repository.milestones.set(title, repository.id * 100 + repository.milestones.size),
    protect: async (branch, requiredStatuses) =>
      void repository.rules.set(branch, { mayPush: false, requiredStatuses }),
    merge: async (number) => mergePull(repository, pullOf(number)),
    commentAsOther: async (number, text) => void addComment(pullOf(number), other, text),
    look: async (number) => lookedAt(pullOf(number)),
  };
}

function lookedAt(pull: PullState): LookedAt {
  return {
    state: pull.state,
    title: pull.title,
    draft: pull.draft,
    labels: [...pull.labels],
    reviewers: [...pull.reviewers],
    teams: [...pull.teams],
    assignees: [...pull.assignees],
    milestone: pull.milestone,
    comments: pull.comments.map(({ text }) => text),
    autoMerge: pull.autoMerge !== undefined,
  };
}
