import { Secret } from "@kubeferry/model";
import type { ContractHost } from "../../../contract/contract-host.contract.ts";
import { standInHost } from "../../../testing/stand-in/stand-in-host.ts";
import { gitlabDriver } from "../gitlab.ts";
import { type GitLabKind, type GitLabStandIn, startGitLab, TOKEN } from "./stand-in.ts";

const UNKNOWN_TOKEN = ["glpat", "zyxwvutsrqponmlkjihg"].join("-");

/** GitLab's stand-in as the contract's host, in nested groups. */
export async function openGitLabHost(differs: Partial<GitLabKind> = {}): Promise<ContractHost & GitLabStandIn> {
  const started = await startGitLab(differs);
  const { standIn, state } = started;
  const host = standInHost({
    standIn,
    state,
    owner: "acme/platform",
    credentials: [TOKEN],
    people: { users: ["grace", "alan"] },
    open({ known, ...options }) {
      const token = new Secret(known ? TOKEN : UNKNOWN_TOKEN);
      const repo = { owner: "acme/platform", name: "fleet" };
      return gitlabDriver.create({ apiUrl: `${standIn.url}/api/v4`, repo, token, ...options }).platform;
    },
  });
  return { ...host, ...started };
}
