import { Buffer } from "node:buffer";
import { Secret } from "@kubeferry/model";
import type { ContractHost } from "../../../contract/contract-host.contract.ts";
import { standInHost } from "../../../testing/stand-in/stand-in-host.ts";
import { bitbucketServerDriver } from "../bitbucket-server.ts";
import { PASSWORD, startBitbucketServer } from "./server-stand-in.ts";

const UNKNOWN_PASSWORD = "stand-in password of nobody";

/** The stand-in as the contract wants a host, asked with a user's password. */
export async function openServerHost(): Promise<ContractHost> {
  const { standIn, state } = await startBitbucketServer();
  const host = standInHost({
    standIn,
    state: state.host,
    owner: "ACME",
    open: ({ known, ...how }) =>
      bitbucketServerDriver.create({
        apiUrl: standIn.url,
        repo: { owner: "ACME", name: "fleet" },
        token: new Secret(known ? PASSWORD : UNKNOWN_PASSWORD),
        username: "robot",
        ...how,
      }).platform,
    credentials: [PASSWORD, UNKNOWN_PASSWORD].flatMap((password) => [
      password,
      Buffer.from(`robot:${password}`, "utf8").toString("base64"),
    ]),
    people: { users: ["ada", "grace"], team: "platform" },
  });
  const freshRepository: ContractHost["freshRepository"] = async () => {
    const place = await host.freshRepository();
    return {
      ...place,
      // A reviewer group leaves no trace but its people.
      async look(number) {
        const seen = await place.look(number);
        const all = (users: readonly string[]) => users.every((user) => seen.reviewers.includes(user));
        return { ...seen, teams: [...state.groups].flatMap(([name, users]) => (all(users) ? [name] : [])) };
      },
    };
  };
  return { ...host, freshRepository };
}
