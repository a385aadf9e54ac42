import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { TestbedError } from "../errors.ts";
import { type KubeApiInfo, writeUserKubeconfig } from "../starters/kube-api.ts";
import { type HttpsAnswer, httpsRequest } from "./https.ts";
import { createKubeTypes, type KubeTypes } from "./kube-types.ts";

/** Field manager of what `apply` sends. */
const manager = "kubeferry-testbed";
const applyTries = 8;
const establishedWithinMs = 20_000;

/** Sends one request as the administrator; `path` starts with "/", `body` goes as it is or as JSON. */
export type KubeRequest = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<HttpsAnswer>;

/** A real kube-apiserver, and what tests do with it outside of what they test. */
export interface KubeApi {
  readonly url: string;
  /** Path of the administrator's kubeconfig (a token). */
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly adminToken: string;
  /**
   * Makes a real user (a client certificate) of any name and groups, without rights until bound.
   * @returns the path of a kubeconfig of its own.
   */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>;
  /** @param prefix at most 50 characters; default "test". @returns the name of a new namespace. */
  freshNamespace(prefix?: string): Promise<string>;
  /**
   * Server-side-applies objects one after the other (those with only a generateName are created) and
   * waits until the types of a CustomResourceDefinition are served.
   * @throws TestbedError "refused" with the server's message.
   */
  apply(...objects: readonly object[]): Promise<void>;
  /** Raw HTTP, for everything else; never throws for a status. */
  readonly request: KubeRequest;
}

/** Talks to an API server that runs. */
export function createKubeApi(info: KubeApiInfo): KubeApi {
  const request = createRequest(info);
  const types = createKubeTypes(request);
  return {
    url: info.url,
    kubeconfig: info.kubeconfig,
    caFile: info.caFile,
    adminToken: info.adminToken,
    request,
    kubeconfigFor: (user, groups = []) => writeUserKubeconfig(info, user, groups),
    async freshNamespace(prefix = "test") {
      const name = `${prefix}-${randomBytes(5).toString("hex")}`;
      const answer = await request("POST", "/api/v1/namespaces", { metadata: { name } });
      if (answer.status !== 201) throw refused(`create namespace ${name}`, answer);
      return name;
    },
    async apply(...objects) {
      for (const object of objects) await applyOne(request, types, object as AppliedObject);
    },
  };
}

function createRequest(info: KubeApiInfo): KubeRequest {
  const authority = readFileSync(info.caFile, "utf8");
  // A free connection is dropped long before the server would, so that none is used as it closes.
  const agent = new Agent({ keepAlive: true, timeout: 20_000 });
  return (method, path, body, headers) =>
    httpsRequest({
      url: info.url + path,
      method,
      authority,
      agent,
      headers: { authorization: `Bearer ${info.adminToken}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
}

interface AppliedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly spec?: unknown;
}

async function applyOne(request: KubeRequest, types: KubeTypes, object: AppliedObject): Promise<void> {
  const collection = await types.pathOf(object.apiVersion, object.kind, object.metadata.namespace ?? "default");
  const { name } = object.metadata;
  const what = `apply ${object.kind} ${name ?? "with a generated name"}`;
  const answer = await untilServed(() =>
    name === undefined
      ? request("POST", collection, object)
      : request("PATCH", `${collection}/${encodeURIComponent(name)}?fieldManager=${manager}&force=true`, object, {
          "content-type": "application/apply-patch+yaml",
        }),
  );
  if (answer.status !== 200 && answer.status !== 201) throw refused(what, answer);
  if (object.kind === "CustomResourceDefinition") await waitUntilServed(types, object.spec as CrdSpec, what);
}

/** Repeats what the server says it cannot do at this moment: it is starting, or throttles. */
async function untilServed(send: () => Promise<HttpsAnswer>): Promise<HttpsAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (attempt === applyTries || ![429, 503, 504].includes(answer.status)) return answer;
    await sleep(100 * attempt);
  }
}

interface CrdSpec {
  readonly group: string;
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

async function waitUntilServed(types: KubeTypes, spec: CrdSpec, what: string): Promise<void> {
  const giveUpAt = Date.now() + establishedWithinMs;
  for (const version of spec.versions.filter(({ served }) => served)) {
    while (!(await types.isServed(spec.group, version.name, spec.names.plural))) {
      if (Date.now() > giveUpAt) {
        throw refused(what, { status: 200, body: `${version.name} was not served within ${establishedWithinMs} ms` });
      }
      await sleep(50);
    }
  }
}

function refused(operation: string, answer: HttpsAnswer): TestbedError {
  return new TestbedError({
    kind: "refused",
    who: "kube-apiserver",
    operation,
    problem: `${answer.status} ${messageIn(answer.body)}`,
    next: "correct the object, or send it with request()",
  });
}

function messageIn(body: string): string {
  try {
    const status = JSON.parse(body) as { message?: unknown };
    return typeof status.message === "string" ? status.message : body;
  } catch {
    // Not a Status object: shown as it is.
    return body;
  }
}
