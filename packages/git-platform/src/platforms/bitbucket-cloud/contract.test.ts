import { gitPlatformContract } from "../../platform.contract.ts";
import { openCloudHost } from "./testing/cloud-host.ts";

gitPlatformContract("bitbucket-cloud", () => openCloudHost("API token"), {
  branchRules: "a branch may demand a number of builds, never one by its name",
});
