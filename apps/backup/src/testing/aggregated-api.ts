import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { FreshKubeApi } from "@kubeferry/testbed";

/** An API server of this process that a real one passes requests of its group on to. */
export interface AggregatedApi {
  /** How it answers a LIST from now on. */
  answer(list: (query: URLSearchParams, response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

const GROUP = "flunders.example.com";

/** Serves `flunders` of `flunders.example.com/v1` and registers them with the real server. */
export async function startAggregatedApi(kube: FreshKubeApi, namespace: string): Promise<AggregatedApi> {
  let list = (_query: URLSearchParams, response: ServerResponse): void => void response.writeHead(503).end();
  const folder = dirname(kube.caFile);
  const pair = { cert: readFileSync(join(folder, "server.crt")), key: readFileSync(join(folder, "server.key")) };
  const server = createServer(pair, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "https://aggregated");
    if (pathname === `/apis/${GROUP}/v1/flunders`) return list(searchParams, response);
    if (pathname === `/apis/${GROUP}/v1`) return void response.end(JSON.stringify(RESOURCES));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // Nothing routes to Services here; an ExternalName is where the real server looks itself.
  const service = { name: "flunders", namespace };
  await kube.apply({
    apiVersion: "v1",
    kind: "Service",
    metadata: service,
    spec: { type: "ExternalName", externalName: "localhost", ports: [{ port }] },
  });
  await kube.apply({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `v1.${GROUP}` },
    spec: {
      group: GROUP,
      version: "v1",
      service: { ...service, port },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 1_000,
      versionPriority: 10,
    },
  });
  return {
    answer(next) {
      list = next;
    },
    async stop() {
      await kube.request("DELETE", `/apis/apiregistration.k8s.io/v1/apiservices/v1.${GROUP}`);
      server.closeAllConnections();
      server.close();
    },
  };
}

const RESOURCES = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: `${GROUP}/v1`,
  resources: [{ name: "flunders", singularName: "flunder", namespaced: true, kind: "Flunder", verbs: ["get", "list"] }],
};
