import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContractHost } from "./contract/contract-host.contract.ts";
import { platformIds } from "./index.ts";
import { openAzureHost } from "./platforms/azure-devops/testing/contract-host.ts";
import { openCloudHost } from "./platforms/bitbucket-cloud/testing/cloud-host.ts";
import { openServerHost } from "./platforms/bitbucket-server/testing/server-host.ts";
import { CALL, openGitHub } from "./platforms/github/testing/open-github.ts";
import { openGitLabHost } from "./platforms/gitlab/testing/contract-host.ts";
import { documentedCapabilities } from "./testing/hosts-page.ts";

const ROOT = join(import.meta.dirname, "../../..");

describe("the page of hosts", () => {
  it("has a row, a page and an example for every host", () => {
    expect([...documentedCapabilities().keys()].sort()).toEqual([...platformIds].sort());
    for (const id of platformIds) {
      expect(existsSync(join(ROOT, `docs/hosts/${id}.md`)), id).toBe(true);
      expect(existsSync(join(ROOT, `examples/hosts/${id}.yaml`)), id).toBe(true);
    }
  });

  // Gitea's row is compared with the real server, beside its contract.
  it.each<[string, () => Promise<ContractHost>]>([
    ["gitlab", () => openGitLabHost()],
    ["azure-devops", openAzureHost],
    ["bitbucket-cloud", () => openCloudHost("access token")],
    ["bitbucket-server", () => openServerHost("access token")],
  ])("says of %s what its adapter says", async (id, open) => {
    const host = await open();
    const platform = host.open({ known: true });
    const { can } = await platform.getHost(CALL);
    await platform.close();
    await host.close();
    expect(can).toEqual(documentedCapabilities().get(id));
  });

  it("says of github what its adapter says", async () => {
    const github = await openGitHub();
    const { can } = await github.platform.getHost(CALL);
    await github.close();
    expect(can).toEqual(documentedCapabilities().get("github"));
  });
});
