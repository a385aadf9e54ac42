import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MinioServer, missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectNoSecret } from "../../contract/failing.contract.ts";
import { bytes, call, textAt } from "../../contract/open-store.contract.ts";
import type { ObjectStore } from "../../store.ts";
import { createS3Store } from "../s3.ts";
import { startFaultProxy } from "../testing/fault-proxy.ts";
import { type Asked, type Said, type StandIn, startStandIn } from "../testing/stand-in.ts";

const TOKEN = "the-token-of-a-service-account";
const EVERYTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: ["arn:aws:s3:::*"] }],
};
const closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe.skipIf(missingServers("minio"))("keys that are lent", () => {
  let server: MinioServer;
  let lent: Readonly<Record<string, string>>;
  beforeAll(async () => {
    server = await servers.minio();
    const session = await server.freshSession(EVERYTHING);
    lent = {
      AccessKeyId: session.accessKey,
      SecretAccessKey: session.secretKey,
      Token: session.sessionToken,
      Expiration: new Date(Date.now() + 900_000).toISOString(),
    };
  });

  it("to a service account come from the token service, for a token that never stands in a URL", async () => {
    const cloud = await standIn(() => ({ body: assumeRoleAnswer(lent) }));
    const store = await openWith(async () => ({
      AWS_WEB_IDENTITY_TOKEN_FILE: await fileWith(TOKEN),
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/backup",
      AWS_ENDPOINT_URL_STS: cloud.url,
    }));
    await store.put("key", bytes("body"), {}, call);
    expect(await textAt(store, "key")).toBe("body");
    expect(cloud.asked).toHaveLength(1);
    expect(cloud.asked[0]).toMatchObject({ method: "POST", path: "/" });
    expect(Object.fromEntries(new URLSearchParams(cloud.asked[0]?.body))).toEqual({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: "arn:aws:iam::123456789012:role/backup",
      RoleSessionName: "kubeferry",
      WebIdentityToken: TOKEN,
    });
    expect(store.keysFrom).toMatch(/^the web identity in .* for arn:aws:iam::123456789012:role\/backup, at http:/);
  });

  it("to a Pod come from the service beside it, with the token that lies in a file", async () => {
    const cloud = await standIn(() => ({ body: JSON.stringify(lent) }));
    const store = await openWith(async () => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${cloud.url}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await fileWith(TOKEN),
    }));
    await store.put("key", bytes("body"), {}, call);
    expect(cloud.asked).toMatchObject([{ method: "GET", path: "/v1/credentials", headers: { authorization: TOKEN } }]);
    expect(store.keysFrom).toContain("the container's role");
  });

  it("to a machine come from its metadata, which wants a token first", async () => {
    const cloud = await standIn(({ method, path, headers }) => {
      if (method === "PUT" && path === "/latest/api/token") return { body: "metadata-token" };
      if (headers["x-aws-ec2-metadata-token"] !== "metadata-token") return { status: 401 };
      if (path === "/latest/meta-data/iam/security-credentials/") return { body: "backup-role\n" };
      if (path.endsWith("/backup-role")) return { body: JSON.stringify({ Code: "Success", ...lent }) };
      return { status: 404 };
    });
    const store = await openWith(async () => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: cloud.url }));
    await store.put("key", bytes("body"), {}, call);
    expect(cloud.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /latest/api/token",
      "GET /latest/meta-data/iam/security-credentials/",
      "GET /latest/meta-data/iam/security-credentials/backup-role",
    ]);
    expect(store.keysFrom).toContain("the machine's role");
  });

  it("are asked for once, however many requests wait for them", async () => {
    const cloud = await standIn(() => ({ body: JSON.stringify(lent) }));
    const store = await openWith(async () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: cloud.url }));
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.put(`key-${index}`, bytes("x"), {}, call)));
    expect(cloud.asked).toHaveLength(1);
  });

  it("are asked for again before they end, and the old ones serve while nobody answers", async () => {
    const clock = { now: Date.now() };
    const cloud = await standIn((_, index) => {
      if (index === 1) return { status: 500 };
      return { body: JSON.stringify({ ...lent, Expiration: new Date(clock.now + 3_600_000).toISOString() }) };
    });
    const store = await openWith(
      async () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: cloud.url }),
      () => clock.now,
    );
    await store.put("a", bytes("x"), {}, call);
    clock.now += 50 * 60_000;
    await store.put("b", bytes("x"), {}, call);
    expect(cloud.asked).toHaveLength(1);
    clock.now += 6 * 60_000;
    await store.put("c", bytes("x"), {}, call);
    expect(cloud.asked).toHaveLength(2);
    clock.now += 2 * 60_000;
    await store.put("d", bytes("x"), {}, call);
    await store.put("e", bytes("x"), {}, call);
    expect(cloud.asked).toHaveLength(3);
  });

  it("are asked for again when the server says that they have ended, and the request goes on", async () => {
    const cloud = await standIn(() => ({ body: JSON.stringify(lent) }));
    const clock = { now: Date.now() };
    const expired = "<Error><Code>ExpiredToken</Code></Error>";
    const store = await openWith(
      async () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: cloud.url }),
      () => clock.now,
      (index) => (index === 1 ? { type: "answer", status: 400, body: expired } : undefined),
    );
    await store.put("a", bytes("x"), {}, call);
    clock.now += 120_000;
    await store.put("b", bytes("x"), {}, call);
    expect(await textAt(store, "b")).toBe("x");
    expect(cloud.asked).toHaveLength(2);
  });

  it.each([
    [403, "denied", /token service at http:.* answers HTTP 403/],
    [503, "unavailable", /token service at http:.* answers HTTP 503/],
  ])("and refused with %i are said so, without the text of the answer", async (status, kind, message) => {
    const cloud = await standIn(() => ({ status, body: `<Error>${TOKEN}</Error>` }));
    const store = await openWith(async () => ({
      AWS_WEB_IDENTITY_TOKEN_FILE: await fileWith(TOKEN),
      AWS_ENDPOINT_URL_STS: cloud.url,
    }));
    const error = await store.get("key", call).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: "StorageError", kind, message: expect.stringMatching(message) });
    expectNoSecret(error, [TOKEN]);
  });

  it("by nobody are an error that says what to write", async () => {
    const store = await openWith(async () => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" }));
    await expect(store.get("key", call)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(/metadata service .*ECONNREFUSED.*store\.accessKey and store\.secretKey/),
    });
    await expect(openWith(async () => ({ AWS_EC2_METADATA_DISABLED: "true" }))).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringContaining("MINIO_ACCESS_KEY"),
    });
  });

  it("are never asked for at an address that would get a token in clear", async () => {
    const env = async () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://credentials.example.com/v1" });
    await expect(openWith(env)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("unencrypted"),
    });
  });
});

async function standIn(answer: (asked: Asked, index: number) => Said | undefined): Promise<StandIn> {
  const started = await startStandIn(answer);
  closing.push(() => started.close());
  return started;
}

/** A store without keys of its own, in a bucket that is there. */
async function openWith(
  env: () => Promise<Record<string, string>>,
  now: () => number = Date.now,
  fault: (index: number) => ReturnType<Parameters<typeof startFaultProxy>[1]> = () => undefined,
): Promise<ObjectStore> {
  const server = await servers.minio();
  const bucket = await server.freshBucket();
  const proxy = await startFaultProxy(server.endpoint, (_, index) => fault(index));
  closing.push(() => proxy.close());
  const retry = { attempts: 2, delayMs: 1 };
  const options = { endpoint: proxy.endpoint, bucket, autoCreateBucket: false, retry };
  return createS3Store(options, { env: await env(), now });
}

async function fileWith(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "kubeferry-token-")), "token");
  await writeFile(path, `${text}\n`, { mode: 0o600 });
  return path;
}

function assumeRoleAnswer(keys: Readonly<Record<string, string>>): string {
  const { Token, ...rest } = keys;
  const parts = Object.entries({ ...rest, SessionToken: Token }).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${parts.join("")}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
}
