// The limits `apply` and `dry-run`: server-side applies of bodies that are ready made, over as many connections as kubeferry
// has.
import { readFileSync } from "node:fs";
import { Pool } from "undici";
import { argument, report } from "../frame/child.ts";

/** What is sent, and where to. */
export interface ApplyLoop {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
  readonly concurrency: number;
  readonly dryRun: boolean;
  /** A JSON array of `ReadyBody`. */
  readonly bodiesFile: string;
}

/** One object on its way. */
export interface ReadyBody {
  /** "/api/v1/namespaces/shop/configmaps/settings" */
  readonly path: string;
  readonly text: string;
}

const { url, caFile, token, concurrency, dryRun, bodiesFile } = argument<ApplyLoop>();
const bodies = JSON.parse(readFileSync(bodiesFile, "utf8")) as readonly ReadyBody[];
const pool = new Pool(url, { connections: concurrency, connect: { ca: readFileSync(caFile) } });
const query = `fieldManager=bench&force=true&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;

await report(async () => {
  const next = bodies[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const body of next) await send(body);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { objects: bodies.length };
});
await pool.close();

async function send({ path, text }: ReadyBody): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: "PATCH",
    path: `${path}?${query}`,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/apply-patch+yaml" },
    body: text,
  });
  if (statusCode > 201) throw new Error(`${path}: ${statusCode} ${await body.text()}`);
  await body.dump();
}
