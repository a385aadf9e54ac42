import { Secret } from "@kubeferry/model";
import { standInOfTests } from "../../../testing/stand-in/of-tests.ts";
import { bitbucketCloudDriver } from "../bitbucket-cloud.ts";
import { resetCloud } from "./cloud-json.ts";
import { API_TOKEN, EMAIL, startBitbucketCloud } from "./cloud-stand-in.ts";

/** A stand-in for Bitbucket Cloud with the repository acme/fleet, and an adapter with an API token. */
export function cloudOfTests() {
  return standInOfTests({
    driver: bitbucketCloudDriver,
    repo: { owner: "acme", name: "fleet" },
    credential: { token: new Secret(API_TOKEN), username: EMAIL },
    start: startBitbucketCloud,
    reset: resetCloud,
    apiUrl: (url) => `${url}/2.0`,
  });
}
