import { Secret } from "@kubeferry/model";
import type { ContractHost } from "../../../contract/contract-host.contract.ts";
import { standInHost } from "../../../testing/stand-in/stand-in-host.ts";
import { azureDevOpsDriver } from "../azure-devops.ts";
import { startAzure, TOKEN } from "./stand-in.ts";

const PROJECT = "Shop Platform";

/** Azure DevOps' stand-in as the contract's host, in a project with a space in its name. */
export async function openAzureHost(): Promise<ContractHost> {
  const { standIn, state, apiUrl } = await startAzure();
  return standInHost({
    standIn,
    state,
    owner: PROJECT,
    credentials: [TOKEN, Buffer.from(`:${TOKEN}`).toString("base64")],
    people: { users: ["grace@example.com", "alan@example.com"], team: "reviewers" },
    open({ known, ...options }) {
      const token = new Secret(known ? TOKEN : "z".repeat(52));
      return azureDevOpsDriver.create({ apiUrl, repo: { owner: PROJECT, name: "fleet" }, token, ...options }).platform;
    },
  });
}
