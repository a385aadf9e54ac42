import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLog } from "@kubeferry/model";
import { expect, it } from "vitest";
import { giteaDriver } from "./gitea.ts";

it.each([
  ["1.26.0", "Gitea 1.26.0", true],
  ["1.24.0+dev-12-gabc", "Gitea 1.24.0", true],
  ["1.23.8", "Gitea 1.23.8", false],
  ["11.0.3+gitea-1.22.0", "Forgejo 11.0.3", true],
  ["10.0.0+gitea-1.22.0", "Forgejo 10.0.0", true],
  ["9.0.3+gitea-1.22.0", "Forgejo 9.0.3", false],
])("version %s is %s and merges by itself: %s", async (version, product, autoMerge) => {
  const server = createServer((request, response) => {
    // A token without the scope that reading the own user needs.
    const user = request.url?.endsWith("/user") ?? false;
    response.writeHead(user ? 403 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(user ? { message: "token does not have required scope" } : { version }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const { platform } = giteaDriver.create({ apiUrl, repo: { owner: "acme", name: "fleet" } });
  const info = await platform.getHost({ signal: new AbortController().signal, log: silentLog });
  await platform.close();
  await new Promise((resolve) => server.close(resolve));
  expect(info).toMatchObject({ product, user: undefined, can: { autoMerge, labels: true } });
});
