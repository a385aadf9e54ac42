import { describe } from "vitest";
import { faultTests } from "../../contract/faults.contract.ts";
import { createSuite } from "../../contract/suite.contract.ts";
import { gitPlatformContract } from "../../platform.contract.ts";
import { openCloudHost } from "./testing/cloud-host.ts";

gitPlatformContract("bitbucket-cloud", () => openCloudHost("API token"), {
  branchRules: "a branch may demand a number of builds, never one by its name",
});

describe("bitbucket-cloud with an access token", () => {
  faultTests(createSuite(() => openCloudHost("access token"), {}));
});
