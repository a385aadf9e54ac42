import { describe } from "vitest";
import { additionTests } from "./contract/additions.contract.ts";
import { autoMergeTests } from "./contract/auto-merge.contract.ts";
import { commentTests } from "./contract/comments.contract.ts";
import type { ContractHost, Differences } from "./contract/contract-host.contract.ts";
import { faultTests } from "./contract/faults.contract.ts";
import { policyTests } from "./contract/policy.contract.ts";
import { policyTextTests } from "./contract/policy-text.contract.ts";
import { policyUnaskedTests } from "./contract/policy-unasked.contract.ts";
import { refusalTests } from "./contract/refusals.contract.ts";
import { repositoryTests } from "./contract/repository.contract.ts";
import { requestTests } from "./contract/requests.contract.ts";
import { statusTests } from "./contract/statuses.contract.ts";
import { createSuite } from "./contract/suite.contract.ts";

export type {
  ContractFault,
  ContractHost,
  ContractPeople,
  ContractRepository,
  ContractRequest,
  Differences,
  LookedAt,
  OpenHow,
} from "./contract/contract-host.contract.ts";

/**
 * What every Git host's adapter must do, and what the policy above it does with it; run it from a test file of the
 * adapter. What a host cannot do, as its `can` has it, is a skipped test with the reason.
 */
export function gitPlatformContract(name: string, open: () => Promise<ContractHost>, differs: Differences = {}): void {
  describe(`${name} keeps the contract of Git hosts`, () => {
    const suite = createSuite(open, differs);
    repositoryTests(suite);
    requestTests(suite);
    additionTests(suite);
    commentTests(suite);
    statusTests(suite);
    autoMergeTests(suite);
    policyTests(suite);
    policyTextTests(suite);
    policyUnaskedTests(suite);
    refusalTests(suite);
    faultTests(suite);
  });
}
