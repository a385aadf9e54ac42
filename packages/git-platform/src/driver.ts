import type { Secret } from "@kubeferry/model";
import type { GitPlatform, RepoRef } from "./platform.ts";

/** Where a repository's API is. */
export interface RepoAddress extends RepoRef {
  /** "https://git.example.com/api/v1", without "/" at its end. */
  readonly apiUrl: string;
}

/** What every adapter is made from. */
export interface PlatformOptions {
  readonly apiUrl: string;
  /** Left out: what is public. */
  readonly token?: Secret;
  /** With it, `token` is sent as the password of this user (basic authentication). */
  readonly username?: string;
  /** Certificate authorities in PEM, used instead of Node's. */
  readonly certificateAuthorities?: string;
  /** For one try of one request; 30 seconds when left out. */
  readonly timeoutMs?: number;
}

/** What the registry knows of a host: how to read a repository's address, and how to talk to its API. */
export interface PlatformDriver {
  /** @throws PlatformError "invalid" */
  parseRepoUrl(url: string): RepoAddress;
  create(options: PlatformOptions): GitPlatform;
}
