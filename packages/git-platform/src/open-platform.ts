import { readFile } from "node:fs/promises";
import type { Secret } from "@kubeferry/model";
import type { AppCredentials, OpenedAdapter } from "./driver.ts";
import type { GitPlatform, RepoRef } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";
import { loadDriver } from "./registry.ts";

/** A repository on a host, as it stands in the configuration. */
export interface OpenPlatformOptions {
  /** "gitea". */
  readonly platform: string;
  /** The address that git uses. */
  readonly url: string;
  /** Where the API is, when it cannot be read from `url`: SSH addresses of a host below a path. */
  readonly apiUrl?: string;
  readonly token?: Secret;
  readonly username?: string;
  /** A GitHub App instead of a token. */
  readonly app?: AppCredentials;
  /** PEM file of certificate authorities, used instead of Node's. */
  readonly caFile?: string;
  /** "http://proxy.example.com:3128", with a user and password where it wants them; instead of what the environment names. */
  readonly proxy?: Secret;
  readonly timeoutMs?: number;
}

/** A host that can be asked, and which repository to ask for. */
export interface OpenedPlatform extends OpenedAdapter {
  readonly platform: GitPlatform;
  readonly repo: RepoRef;
}

/**
 * Loads the adapter of a host. Nothing is sent yet; `platform.close` lets go of what it holds.
 * @throws PlatformError "invalid" for an unknown platform, an address that is none, or a file that cannot be read
 */
export async function openPlatform(options: OpenPlatformOptions): Promise<OpenedPlatform> {
  const { platform: id, url, token, username, app, caFile, proxy, timeoutMs } = options;
  const driver = await loadDriver(id);
  const address = driver.parseRepoUrl(url, options.apiUrl);
  const repo = { owner: address.owner, name: address.name };
  const certificateAuthorities = caFile === undefined ? undefined : await readCaFile(id, caFile);
  const adapter = driver.create({
    apiUrl: options.apiUrl ?? address.apiUrl,
    repo,
    ...(token === undefined ? {} : { token }),
    ...(username === undefined ? {} : { username }),
    ...(app === undefined ? {} : { app }),
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return { ...adapter, repo };
}

async function readCaFile(who: string, path: string): Promise<string> {
  const operation = `read repository.caFile ${path}`;
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new PlatformError({ kind: "invalid", who, operation, problem: `it cannot be read (${cause.code})`, cause });
  });
  // Of an empty text Node makes every authority that it trusts anyway, which is not what was asked for.
  if (!/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text))
    throw new PlatformError({ kind: "invalid", who, operation, problem: "there is no certificate in it" });
  return text;
}
