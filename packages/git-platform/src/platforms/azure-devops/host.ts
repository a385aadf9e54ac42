import type { Call } from "@kubeferry/model";
import type { Capabilities } from "../../capabilities.ts";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { HostInfo } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { AzureConnection } from "./schema.ts";

/** Whom the token speaks for. */
export interface Me {
  /** As requests and comments name people by id. */
  readonly id: string;
  /** "ada@example.com", or the name that is shown where there is no such. */
  readonly name: string;
}

/** Nobody: how the host answers one who may look around without a token. */
const ANONYMOUS = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

const CAN: Capabilities = {
  draft: true,
  labels: true,
  reviewers: true,
  teamReviewers: true,
  assignees: false,
  milestone: false,
  autoMerge: true,
  commitStatus: true,
};

/** Asks who the host is, and who asks. */
export async function getHost(http: ForgeHttp, call: Call): Promise<HostInfo> {
  const { hosted, me } = await connect(http, call);
  const product = hosted ? "Azure DevOps Services" : "Azure DevOps Server";
  return { product, can: CAN, user: me.name, scopes: undefined };
}

/** @throws PlatformError "denied" for a token that stands for nobody */
export async function whoAmI(http: ForgeHttp, call: Call): Promise<Me> {
  return (await connect(http, call)).me;
}

async function connect(http: ForgeHttp, call: Call): Promise<{ readonly hosted: boolean; readonly me: Me }> {
  const operation = "look at the host";
  const query = { "api-version": "7.1-preview" };
  const request = { method: "GET", path: "/_apis/connectionData", query, answer: AzureConnection, operation } as const;
  const { authenticatedUser: user, deploymentType } = await http.json(request, call);
  if (user.id === ANONYMOUS) {
    const problem = "the host takes the token for nobody's";
    throw new PlatformError({
      kind: "denied",
      who: "azure-devops",
      operation,
      problem,
      next: "check repository.token",
    });
  }
  const shown = user.customDisplayName ?? user.providerDisplayName ?? user.id;
  return {
    hosted: deploymentType !== "onPremises",
    me: { id: user.id, name: user.properties?.Account?.$value ?? shown },
  };
}
