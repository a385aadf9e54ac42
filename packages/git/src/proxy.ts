import { Buffer } from "node:buffer";
import type { Secret } from "@kubeferry/model";
import { GitError } from "./git-error.ts";

/** A proxy as git is told of it. */
export interface ProxyAddress {
  /** With user and password, where it has them. */
  readonly url: string;
  /** "proxy.example.com:3128": what may be printed. */
  readonly shown: string;
  /** The password in every form in which it may come back. */
  readonly secrets: readonly string[];
}

/**
 * Reads the address of a proxy, `http://[user:password@]host:port`.
 * @throws GitError "invalid"; the address is not repeated, because it may hold a password
 */
export function parseProxy(address: Secret | undefined): ProxyAddress | undefined {
  if (address === undefined) return undefined;
  const text = address.reveal().trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") throw notAProxy();
  const password = url.password;
  const plain = decoded(password);
  const pair = Buffer.from(`${decoded(url.username)}:${plain}`, "utf8").toString("base64");
  return { url: url.href, shown: url.host, secrets: password === "" ? [] : [password, plain, pair] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone "%" stands for itself
  }
}

function notAProxy(): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: "read repository.proxy",
    problem: "it is not the URL of a proxy",
    next: 'write "http://proxy.example.com:3128", with "user:password@" before the host where it wants them',
  });
}
