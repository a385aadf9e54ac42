// The limit `list`: every resource of an API server, page by page over one connection, read as JSON and thrown away.
import { readFileSync } from "node:fs";
import { Client } from "undici";
import { argument, report } from "../frame/child.ts";

const PAGE = 500;

const { url, caFile, token } = argument<{ url: string; caFile: string; token: string }>();
const client = new Client(url, { connect: { ca: readFileSync(caFile) } });

await report(async () => {
  let objects = 0;
  let pages = 0;
  let bytes = 0;
  for (const path of await listable()) {
    for (let token = ""; ; ) {
      const body = await get(`${path}?limit=${PAGE}${token === "" ? "" : `&continue=${encodeURIComponent(token)}`}`);
      const page = JSON.parse(body) as { items: unknown[]; metadata: { continue?: string } };
      objects += page.items.length;
      pages += 1;
      bytes += body.length;
      token = page.metadata.continue ?? "";
      if (token === "") break;
    }
  }
  return { objects, pages, bytes };
});
await client.close();

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly { readonly resource: string; readonly verbs: readonly string[] }[];
    }[];
  }[];
}

async function listable(): Promise<readonly string[]> {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const paths: string[] = [];
  for (const root of ["/api", "/apis"]) {
    const { items } = JSON.parse(await get(root, accept)) as Discovery;
    for (const { metadata, versions } of items) {
      const [preferred] = versions;
      const group = metadata.name === undefined || metadata.name === "" ? "" : `/${metadata.name}`;
      for (const { resource, verbs } of preferred?.resources ?? []) {
        if (verbs.includes("list")) paths.push(`${root}${group}/${preferred?.version}/${resource}`);
      }
    }
  }
  return paths;
}

async function get(path: string, accept = "application/json"): Promise<string> {
  const { statusCode, body } = await client.request({
    method: "GET",
    path,
    headers: { authorization: `Bearer ${token}`, accept },
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${text}`);
  return text;
}
