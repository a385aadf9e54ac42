import { Buffer } from "node:buffer";
import { Secret } from "@kubeferry/model";
import type { ContractHost } from "../../../contract/contract-host.contract.ts";
import { addRepository } from "../../../testing/stand-in/host-state.ts";
import { standInHost } from "../../../testing/stand-in/stand-in-host.ts";
import { bitbucketCloudDriver } from "../bitbucket-cloud.ts";
import { ACCESS_TOKEN, API_TOKEN, EMAIL, startBitbucketCloud } from "./cloud-stand-in.ts";

const UNKNOWN_TOKEN = "stand-in-token-of-nobody";

/** The stand-in as the contract wants a host, asked with an API token of a person or an access token of the repository. */
export async function openCloudHost(credential: "API token" | "access token"): Promise<ContractHost> {
  const { standIn, state } = await startBitbucketCloud();
  // An access token is told from an unknown one by the repository that it is for.
  addRepository(state.host, "acme", "fleet");
  const personal = credential === "API token";
  const known = personal ? API_TOKEN : ACCESS_TOKEN;
  return standInHost({
    standIn,
    state: state.host,
    owner: "acme",
    open: ({ known: isKnown, ...how }) =>
      bitbucketCloudDriver.create({
        apiUrl: `${standIn.url}/2.0`,
        repo: { owner: "acme", name: "fleet" },
        token: new Secret(isKnown ? known : UNKNOWN_TOKEN),
        ...(personal ? { username: EMAIL } : {}),
        ...how,
      }).platform,
    credentials: [known, UNKNOWN_TOKEN].flatMap((token) => [
      token,
      Buffer.from(`${EMAIL}:${token}`, "utf8").toString("base64"),
    ]),
    people: { users: ["ada", "grace"] },
  });
}
