import { createHash, createHmac } from "node:crypto";
import http, { type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { compareUtf8 } from "@kubeferry/model";

/** Keys that the stand-in knows. */
export const GOOGLE_KEYS = { accessKey: "GOOG1EXAMPLE", secretKey: "google-secret-0123456789" } as const;

/** A bucket of Google's in this process. */
export interface GoogleStandIn {
  readonly url: string;
  close(): Promise<void>;
}

interface Version {
  readonly body: Buffer;
  readonly generation: number;
  readonly token: string | undefined;
  readonly modifiedAt: Date;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/**
 * As the XML interface is described and known to behave: signatures of GOOG4 only, 400 for a header of Amazon's beside
 * Google's, If-Match and If-None-Match overlooked on a put, conditions by generation, generations in listings.
 */
export async function startGoogleStandIn(bucket: string): Promise<GoogleStandIn> {
  const objects = new Map<string, Version>();
  const generations = { last: 1_700_000_000_000_000 };
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const {
        status,
        headers,
        body: said,
      } = refusal(incoming, body, bucket) ?? serve(incoming, body, { bucket, objects, generations });
      const bytes = Buffer.from(said ?? "");
      const length = incoming.method === "HEAD" ? {} : { "content-length": bytes.length };
      outgoing.writeHead(status, { ...length, ...headers }).end(incoming.method === "HEAD" ? undefined : bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusal(incoming: IncomingMessage, body: Buffer, bucket: string): Answer | undefined {
  const names = Object.keys(incoming.headers);
  const mixed = names.some((name) => name.startsWith("x-amz-")) && names.some((name) => name.startsWith("x-goog-"));
  if (mixed) return failure(400, "ExcessHeaderValues");
  const problem = signatureProblem(incoming, body);
  if (problem !== undefined) return failure(403, problem);
  const [, asked] = new URL(incoming.url ?? "", "http://stand-in").pathname.split("/");
  return asked === bucket ? undefined : failure(404, "NoSuchBucket");
}

interface State {
  readonly bucket: string;
  readonly objects: Map<string, Version>;
  readonly generations: { last: number };
}

function serve(incoming: IncomingMessage, body: Buffer, state: State): Answer {
  const { pathname, searchParams } = new URL(incoming.url ?? "", "http://stand-in");
  const key = decodeURIComponent(pathname.slice(state.bucket.length + 2));
  if (key === "") return { status: 200, body: listing(searchParams, state.objects) };
  if (incoming.method === "PUT") return put(incoming, key, body, state);
  const version = state.objects.get(key);
  if (version === undefined) return failure(404, "NoSuchKey");
  if (incoming.method === "DELETE") {
    state.objects.delete(key);
    return { status: 204 };
  }
  return { status: 200, headers: headersOf(version), body: version.body };
}

function put({ headers }: IncomingMessage, key: string, body: Buffer, { objects, generations }: State): Answer {
  const wanted = headers["x-goog-if-generation-match"];
  if (wanted !== undefined && wanted !== String(objects.get(key)?.generation ?? 0))
    return failure(412, "PreconditionFailed");
  const md5 = createHash("md5").update(body).digest("base64");
  if (headers["content-md5"] !== md5) return failure(400, "BadDigest");
  const token = [headers["x-goog-meta-kubeferry-put"]].flat()[0];
  const version = { body, generation: ++generations.last, token, modifiedAt: new Date() };
  objects.set(key, version);
  return { status: 200, headers: { ...headersOf(version), "content-length": "0" } };
}

function headersOf({ body, generation, token, modifiedAt }: Version): Record<string, string> {
  return {
    "content-length": String(body.length),
    "last-modified": modifiedAt.toUTCString(),
    etag: `"${createHash("md5").update(body).digest("hex")}"`,
    "x-goog-generation": String(generation),
    ...(token === undefined ? {} : { "x-goog-meta-kubeferry-put": token }),
  };
}

function listing(query: URLSearchParams, objects: ReadonlyMap<string, Version>): string {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const limit = Number(query.get("max-keys") ?? 1_000);
  const entries = new Map<string, Version | undefined>();
  for (const [key, version] of [...objects].sort(([left], [right]) => compareUtf8(left, right))) {
    if (!key.startsWith(prefix)) continue;
    const slash = query.get("delimiter") === null ? -1 : key.indexOf("/", prefix.length);
    const name = slash === -1 ? key : key.slice(0, slash + 1);
    if (compareUtf8(name, after) > 0) entries.set(name, slash === -1 ? version : undefined);
  }
  const page = [...entries].slice(0, limit);
  const more =
    entries.size > limit ? `<NextContinuationToken>${escaped(page.at(-1)?.[0] ?? "")}</NextContinuationToken>` : "";
  const lines = page.map(([name, version]) =>
    version === undefined
      ? `<CommonPrefixes><Prefix>${coded(name)}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${coded(name)}</Key><Generation>${version.generation}</Generation><LastModified>${version.modifiedAt.toISOString()}</LastModified><Size>${version.body.length}</Size></Contents>`,
  );
  return `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more !== ""}</IsTruncated>${more}${lines.join("")}</ListBucketResult>`;
}

function coded(name: string): string {
  return escaped(encodeURIComponent(name));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function failure(status: number, code: string): Answer {
  return { status, body: `<Error><Code>${code}</Code></Error>` };
}

/** @see Cloud Storage, "V4 signing process". @returns the code of what is wrong */
function signatureProblem({ method, url, headers }: IncomingMessage, body: Buffer): string | undefined {
  const parts =
    /^GOOG4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/auto\/storage\/goog4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, accessKey, day = "", names = "", signature] = parts.exec(headers.authorization ?? "") ?? [];
  if (accessKey !== GOOGLE_KEYS.accessKey) return "InvalidAccessKeyId";
  const digest = createHash("sha256").update(body).digest("hex");
  if (headers["x-goog-content-sha256"] !== digest) return "InvalidDigest";
  const [path, query = ""] = (url ?? "").split("?");
  const lines = names.split(";").map((name) => `${name}:${[headers[name]].flat()[0] ?? ""}\n`);
  const canonical = `${method}\n${path}\n${query}\n${lines.join("")}\n${names}\n${digest}`;
  const scope = `${day}/auto/storage/goog4_request`;
  const toSign = `GOOG4-HMAC-SHA256\n${headers["x-goog-date"]}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const signing = hmac(hmac(hmac(hmac(`GOOG4${GOOGLE_KEYS.secretKey}`, day), "auto"), "storage"), "goog4_request");
  return hmac(signing, toSign).toString("hex") === signature ? undefined : "SignatureDoesNotMatch";
}
