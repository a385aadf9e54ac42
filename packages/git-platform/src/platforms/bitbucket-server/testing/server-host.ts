import { Buffer } from "node:buffer";
import { Secret } from "@kubeferry/model";
import type { ContractHost } from "../../../contract/contract-host.contract.ts";
import { standInHost } from "../../../testing/stand-in/stand-in-host.ts";
import { bitbucketServerDriver } from "../bitbucket-server.ts";
import { ACCESS_TOKEN, PASSWORD, startBitbucketServer } from "./server-stand-in.ts";

const UNKNOWN = "stand-in secret of nobody";

/** The stand-in as the contract wants a host, asked with a user's password or an HTTP access token. */
export async function openServerHost(credential: "password" | "access token"): Promise<ContractHost> {
  const { standIn, state } = await startBitbucketServer();
  const basic = credential === "password";
  const secret = basic ? PASSWORD : ACCESS_TOKEN;
  state.host.users.add("linus");
  state.groups.set("platform", ["linus"]);
  const host = standInHost({
    standIn,
    state: state.host,
    owner: "ACME",
    open: ({ known, ...how }) =>
      bitbucketServerDriver.create({
        apiUrl: standIn.url,
        repo: { owner: "ACME", name: "fleet" },
        token: new Secret(known ? secret : UNKNOWN),
        ...(basic ? { username: "robot" } : {}),
        ...how,
      }).platform,
    credentials: [secret, UNKNOWN].flatMap((each) => [each, Buffer.from(`robot:${each}`, "utf8").toString("base64")]),
    people: { users: ["ada", "grace"], team: "platform" },
  });
  const freshRepository: ContractHost["freshRepository"] = async (...branches) => {
    const place = await host.freshRepository(...branches);
    return {
      ...place,
      // Of a reviewer group nothing is left but its people; here nobody else asks for them.
      async look(number) {
        const seen = await place.look(number);
        const asked = seen.reviewers.includes("linus");
        const reviewers = seen.reviewers.filter((name) => name !== "linus");
        return { ...seen, reviewers, teams: asked ? ["platform"] : [] };
      },
    };
  };
  return { ...host, freshRepository };
}
