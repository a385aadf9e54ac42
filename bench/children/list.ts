// The limit `list`: the resources that a backup reads, page by page, parsed as JSON and thrown away. One after the other,
// or several at once, each over a connection of its own.
import { readFileSync } from "node:fs";
import { Pool } from "undici";
import { argument, report } from "../frame/child.ts";

const PAGE = 500;
/** A backup leaves them out; Events are there under two names. */
const NOT_READ: readonly string[] = ["events", "leases", "componentstatuses"];

const { url, caFile, token, atOnce } = argument<{ url: string; caFile: string; token: string; atOnce: number }>();
const pool = new Pool(url, { connect: { ca: readFileSync(caFile) }, connections: atOnce });

await report(async () => {
  const counts = { objects: 0, pages: 0, bytes: 0 };
  const paths = (await listable()).values();
  const listPaths = async (): Promise<void> => {
    for (const path of paths) await listPages(path, counts);
  };
  await Promise.all(Array.from({ length: atOnce }, listPaths));
  return counts;
});
await pool.close();

async function listPages(path: string, counts: { objects: number; pages: number; bytes: number }): Promise<void> {
  for (let token = ""; ; ) {
    const body = await get(`${path}?limit=${PAGE}${token === "" ? "" : `&continue=${encodeURIComponent(token)}`}`);
    const page = JSON.parse(body) as { items: unknown[]; metadata: { continue?: string } };
    counts.objects += page.items.length;
    counts.pages += 1;
    counts.bytes += body.length;
    token = page.metadata.continue ?? "";
    if (token === "") return;
  }
}

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
        const isRead = verbs.includes("list") && !NOT_READ.includes(resource);
        if (isRead) paths.push(`${root}${group}/${preferred?.version}/${resource}`);
      }
    }
  }
  return paths;
}

async function get(path: string, accept = "application/json"): Promise<string> {
  const { statusCode, body } = await pool.request({
    method: "GET",
    path,
    headers: { authorization: `Bearer ${token}`, accept },
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${text}`);
  return text;
}
