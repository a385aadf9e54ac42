import { describe } from "vitest";
import { faultTests } from "../../contract/faults.contract.ts";
import { createSuite } from "../../contract/suite.contract.ts";
import { gitPlatformContract } from "../../platform.contract.ts";
import { openServerHost } from "./testing/server-host.ts";

gitPlatformContract("bitbucket-server", () => openServerHost("password"));

describe("bitbucket-server with an HTTP access token", () => {
  faultTests(createSuite(() => openServerHost("access token"), {}));
});
