import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import { impersonationHeaders } from "./impersonation-headers.ts";
import type { KubeTarget, Material } from "./kube-target.ts";
import { createPluginLogin, type PluginLogin } from "./plugin-login.ts";

/** What a request carries to be known, and what its connection is made with. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
}

/** What a TLS connection is made with, PEM. */
export interface TlsMaterial {
  readonly authority?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly serverName?: string | undefined;
  readonly skipVerify: boolean;
}

/** Gives the credentials of one user at one cluster, as fresh as they have to be. */
export interface CredentialSource {
  /** @throws KubeError "config" for a missing file, "unauthorized" for a plugin that fails */
  current(call: Call): Promise<Credentials>;
  /** The server refused `used`: the next `current` reads files and asks the plugin again, once for all who were refused. */
  refuse(used: Credentials): void;
}

/** What was read from files is used this long. Tokens of service accounts are renewed long before they end. */
const FRESH_MS = 20_000;

/** Makes the source; `now` is in milliseconds. */
export function createCredentials(target: KubeTarget, now: () => number): CredentialSource {
  const newLogin = () => (target.user.plugin === undefined ? undefined : createPluginLogin(target, target.user.plugin));
  let login = newLogin();
  let pending: Promise<Credentials> | undefined;
  let kept: { readonly credentials: Credentials; readonly until: number } | undefined;

  async function read(call: Call): Promise<Credentials> {
    const credentials = await readCredentials(target, login, call);
    const same = kept !== undefined && sameCredentials(kept.credentials, credentials) ? kept.credentials : credentials;
    kept = { credentials: same, until: login === undefined ? now() + FRESH_MS : 0 };
    return same;
  }

  return {
    current(call) {
      if (kept !== undefined && now() < kept.until) return Promise.resolve(kept.credentials);
      // One at a time: sixteen requests must not start sixteen plugins.
      pending ??= read(call).finally(() => {
        pending = undefined;
      });
      return pending;
    },
    refuse(used) {
      if (kept?.credentials !== used) return;
      kept = undefined;
      login = newLogin();
    },
  };
}

async function readCredentials(
  { server, user }: KubeTarget,
  login: PluginLogin | undefined,
  call: Call,
): Promise<Credentials> {
  const given = await login?.(call);
  const [authority, certificate, key, token] = await Promise.all([
    textOf(server.authority, "certificate authority"),
    textOf(user.certificate, "client certificate"),
    textOf(user.key, "client key"),
    textOf(user.token, "token"),
  ]);
  const authorization = given?.authorization ?? authorizationOf(token, user.basic);
  return {
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(user.impersonate === undefined ? {} : impersonationHeaders(user.impersonate)),
    },
    tls: {
      authority,
      certificate: given?.certificate ?? certificate,
      key: given?.key ?? key,
      serverName: server.tlsServerName,
      skipVerify: server.skipTlsVerify,
    },
  };
}

function authorizationOf(
  token: string | undefined,
  basic: { readonly username: string; readonly password: string } | undefined,
): string | undefined {
  if (token !== undefined) return `Bearer ${token.trim()}`;
  if (basic === undefined) return undefined;
  return `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`;
}

async function textOf(material: Material | undefined, what: string): Promise<string | undefined> {
  if (material === undefined) return undefined;
  if ("text" in material) return material.text;
  try {
    return await readFile(material.file, "utf8");
  } catch (cause) {
    throw new KubeError({
      kind: "config",
      who: "kube",
      operation: `read the ${what}`,
      problem: `${material.file} cannot be read`,
      next: "check the paths in the kubeconfig",
      cause,
    });
  }
}

function sameCredentials(left: Credentials, right: Credentials): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
