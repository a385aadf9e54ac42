import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { type Call, orAborted } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import { createExecLogin } from "./exec-plugin.ts";
import { impersonationHeaders } from "./impersonation-headers.ts";
import type { KubeTarget, Material } from "./kube-target.ts";
import { createProviderLogin, type PluginLogin } from "./provider-login.ts";

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
  const newLogin = () => loginOf(target, now);
  let login = newLogin();
  let pending: SharedRead | undefined;
  let kept: { readonly credentials: Credentials; readonly until: number } | undefined;

  async function read(signal: AbortSignal): Promise<Credentials> {
    const credentials = await readCredentials(target, login, signal);
    const same = kept !== undefined && sameCredentials(kept.credentials, credentials) ? kept.credentials : credentials;
    kept = { credentials: same, until: login === undefined ? now() + FRESH_MS : 0 };
    return same;
  }

  return {
    async current({ signal }) {
      if (kept !== undefined && now() < kept.until) return kept.credentials;
      // One at a time: sixteen requests must not start sixteen plugins.
      pending ??= shareRead(read, (ended) => {
        if (pending === ended) pending = undefined;
      });
      return pending.join(signal);
    },
    refuse(used) {
      if (kept?.credentials !== used) return;
      kept = undefined;
      login = newLogin();
    },
  };
}

function loginOf(target: KubeTarget, now: () => number): PluginLogin | undefined {
  const { plugin } = target.user;
  if (plugin === undefined) return undefined;
  return plugin.type === "exec" ? createExecLogin(target, plugin, now) : createProviderLogin(target, plugin);
}

/** A reading that several requests wait for. */
interface SharedRead {
  /** @throws the signal's reason at once; the reading goes on while others wait for it */
  join(signal: AbortSignal): Promise<Credentials>;
}

/** @param onEnd called when it has ended, or the last one who waited has gone: the next one needs another */
function shareRead(
  read: (signal: AbortSignal) => Promise<Credentials>,
  onEnd: (ended: SharedRead) => void,
): SharedRead {
  const unwanted = new AbortController();
  let waiting = 0;
  const shared: SharedRead = {
    async join(signal) {
      waiting++;
      try {
        return await orAborted(work, signal);
      } finally {
        if (--waiting === 0) {
          onEnd(shared);
          unwanted.abort(new Error("nobody waits for this login any more"));
        }
      }
    },
  };
  const work = read(unwanted.signal).finally(() => onEnd(shared));
  return shared;
}

async function readCredentials(
  { server, user }: KubeTarget,
  login: PluginLogin | undefined,
  signal: AbortSignal,
): Promise<Credentials> {
  const given = await login?.(signal);
  // One after the other: of several that cannot be read the first is named, in every run the same.
  const authority = await textOf(server.authority, "certificate authority");
  const certificate = await textOf(user.certificate, "client certificate");
  const key = await textOf(user.key, "client key");
  const token = await textOf(user.token, "token");
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
