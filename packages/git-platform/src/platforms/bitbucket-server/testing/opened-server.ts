import { Secret } from "@kubeferry/model";
import { standInOfTests } from "../../../testing/stand-in/of-tests.ts";
import { bitbucketServerDriver } from "../bitbucket-server.ts";
import { resetServer } from "./server-json.ts";
import { ACCESS_TOKEN, startBitbucketServer } from "./server-stand-in.ts";

/** A stand-in for Bitbucket Data Center with the repository ACME/fleet, and an adapter with an HTTP access token. */
export function serverOfTests() {
  return standInOfTests({
    driver: bitbucketServerDriver,
    repo: { owner: "ACME", name: "fleet" },
    credential: { token: new Secret(ACCESS_TOKEN) },
    start: startBitbucketServer,
    reset: resetServer,
    apiUrl: (url) => url,
  });
}
