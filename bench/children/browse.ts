// From the manifest to the first answers that `kubectl get configmaps` waits for: discovery, and a page of a table.
import { serveSnapshot } from "@kubeferry/kube-replay";
import { Client } from "undici";
import { argument, report } from "../frame/child.ts";
import { benchCall, newestOf, openPlace, type StoredPlace } from "../stored-snapshot.ts";

const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

const { path, ...place } = argument<StoredPlace & { readonly path: string }>();
const store = await openPlace(place);
await store.prepare(benchCall);
const opened: { close(): Promise<unknown> }[] = [];

await report(async () => {
  const server = await serveSnapshot(await newestOf(store), { port: 0 }, benchCall);
  const { certificate, token } = server.context;
  const client = new Client(server.url, { connect: { ca: certificate ?? "" } });
  opened.push(client, server);
  const get = async (target: string, accept: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token?.reveal()}`, accept };
    const { statusCode, body } = await client.request({ method: "GET", path: target, headers });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${target}: ${statusCode} ${text}`);
    return text;
  };
  await get("/api", DISCOVERY);
  await get("/apis", DISCOVERY);
  const { rows } = JSON.parse(await get(`${path}?limit=500`, TABLE)) as { readonly rows: readonly unknown[] };
  return { rows: rows.length };
});
for (const one of opened) await one.close();
