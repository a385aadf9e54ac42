import type { Secret } from "@kubeferry/model";
import type { Repeating } from "./http/repeat.ts";
import type { GitPlatform, RepoRef } from "./platform.ts";

/** Where a repository's API is. */
export interface RepoAddress extends RepoRef {
  /** "https://git.example.com/api/v1", without "/" at its end. */
  readonly apiUrl: string;
}

/** A GitHub App that is installed for the repository. */
export interface AppCredentials {
  /** The App's id, or its client id. */
  readonly id: string;
  /** PEM. */
  readonly privateKey: Secret;
  /** Left out: the installation of the repository is looked up. */
  readonly installationId?: number;
}

/** How a host's API is reached, and as whom. */
export interface PlatformOptions {
  readonly apiUrl: string;
  /** The repository that the credential is for, where it has to be asked for one (a GitHub App's token). */
  readonly repo: RepoRef;
  /** Left out: what is public. */
  readonly token?: Secret;
  /** With it, `token` is sent as the password of this user (basic authentication). */
  readonly username?: string;
  /** Instead of `token`. */
  readonly app?: AppCredentials;
  /** Certificate authorities in PEM, used instead of Node's. */
  readonly certificateAuthorities?: string;
  /** "http://proxy.example.com:3128", with a user and password where it wants them; instead of what the environment names. */
  readonly proxy?: Secret;
  /** For one try of one request; 30 seconds when left out. */
  readonly timeoutMs?: number;
  /** How often and after which waits a request is sent again; as usual when left out. */
  readonly repeating?: Partial<Repeating>;
}

/** Who git says it is on a host's git address: user and password, or a token as `Authorization: Bearer`. */
export type GitLogin =
  | { readonly scheme: "basic"; readonly username: string; readonly token: Secret }
  | { readonly scheme: "bearer"; readonly token: Secret };

/** An adapter, ready to be asked. */
export interface OpenedAdapter {
  readonly platform: GitPlatform;
  /**
   * How git is let in with the same credential, asked for before each use: one that runs out
   * is renewed. Undefined without a credential.
   * @throws PlatformError where the host gives none
   */
  gitLogin(call: { readonly signal: AbortSignal }): Promise<GitLogin | undefined>;
}

/** What the registry knows of a host: how to read a repository's address, and how to talk to its API. */
export interface PlatformDriver {
  /**
   * @param apiUrl where the configuration says the API is; tells what of a path is the host's own
   * @throws PlatformError "invalid"
   */
  parseRepoUrl(url: string, apiUrl?: string): RepoAddress;
  /** @throws PlatformError "invalid" for a kind of credential that the host does not take */
  create(options: PlatformOptions): OpenedAdapter;
}
