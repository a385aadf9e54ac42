import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceType } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import type { KubeApi } from "../kube-api.ts";
import { type EndableToken, openServiceAccount } from "../testing/service-account-tokens.ts";
import { openTestApi, temporaryFolder, writeTestKubeconfig } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { writePlugin } from "../testing/test-plugin.ts";

const configMaps: ResourceType = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: ["list"],
};

// The API server goes on believing a token for ten seconds, so all of them wait at the same time.
describe.skipIf(missingServers("kube-apiserver"))(
  "a token that ends while a list is read",
  { concurrent: true },
  () => {
    let cluster: object;
    let namespace: string;
    let newToken: () => Promise<EndableToken>;
    beforeAll(async () => {
      const server = await servers.kubeApi();
      cluster = { server: server.url, "certificate-authority": server.caFile };
      namespace = await server.freshNamespace();
      for (const name of ["a", "b", "c"]) {
        await server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } });
      }
      newToken = await openServiceAccount(server, namespace);
    });

    it("is read anew from the file of a projected volume, swapped as the kubelet does it", {
      timeout: 60_000,
    }, async ({ onTestFinished }) => {
      const [first, second] = [await newToken(), await newToken()];
      const volume = projectedVolume(first.token);
      const user = { tokenFile: volume.path };
      const api = open(writeTestKubeconfig(cluster, user), onTestFinished);
      const names = await listWith(api, async () => {
        volume.swap(second.token);
        await first.end();
      });
      expect(names).toEqual(["a", "b", "c"]);
    });

    it("is asked for anew from an exec plugin, though it had named a later end", { timeout: 60_000 }, async ({
      onTestFinished,
    }) => {
      const [first, second] = [await newToken(), await newToken()];
      const plugin = writePlugin(
        { token: first.token, expirationTimestamp: "2999-01-01T00:00:00Z" },
        { token: second.token, expirationTimestamp: "2999-01-01T00:00:00Z" },
      );
      const api = open(writeTestKubeconfig(cluster, plugin.user, plugin.folder), onTestFinished);
      expect(await listWith(api, () => first.end())).toEqual(["a", "b", "c"]);
      expect(plugin.calls()).toHaveLength(2);
    });

    it("is an error that says so when it stands in the kubeconfig itself", { timeout: 60_000 }, async ({
      onTestFinished,
    }) => {
      const only = await newToken();
      const api = open(writeTestKubeconfig(cluster, { token: only.token }), onTestFinished);
      const error = await listWith(api, () => only.end()).catch((caught: unknown) => caught as Error);
      expect((error as Error).message).toBe(
        "kube: list configmaps: unauthorized: the server answered 401 (Unauthorized: Unauthorized); log in again: the token or certificate is wrong or has ended",
      );
    });

    async function listWith(api: KubeApi, afterFirst: () => Promise<void>): Promise<string[]> {
      const names: string[] = [];
      for await (const { key } of api.list(configMaps, { pageSize: 1, namespace }, testCall)) {
        if (names.length === 0) await afterFirst();
        names.push(key.slice(namespace.length + 1));
      }
      return names;
    }
  },
);

function open(kubeconfig: string, whenFinished: TestContext["onTestFinished"]): KubeApi {
  return openTestApi({ kubeconfig }, {}, undefined, undefined, whenFinished).api;
}

/** token → ..data/token, ..data → a folder of its own: replaced at once by renaming a link. */
function projectedVolume(token: string) {
  const folder = temporaryFolder();
  let version = 0;
  const write = (text: string) => {
    const data = `..v${++version}`;
    mkdirSync(join(folder, data));
    writeFileSync(join(folder, data, "token"), text, { mode: 0o600 });
    symlinkSync(data, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  write(token);
  symlinkSync(join("..data", "token"), join(folder, "token"));
  return { path: join(folder, "token"), swap: write };
}
