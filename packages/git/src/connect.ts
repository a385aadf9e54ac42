import { resolve } from "node:path";
import type { Call, Secret } from "@kubeferry/model";
import { type CredentialsSource, credentialsSource, type GitCredentials, secretTexts } from "./credentials.ts";
import { type GitSettings, localEnvironment, remoteEnvironment } from "./git-environment.ts";
import type { PrivatePlace } from "./private-place.ts";
import { parseProxy } from "./proxy.ts";
import type { RemoteUrl } from "./remote-url.ts";
import { createGit, type Git } from "./run-git.ts";
import { prepareSsh, type SshAccess } from "./ssh/ssh-access.ts";

/** How a remote is reached, and as whom. */
export interface RemoteOptions {
  /** For HTTP and HTTPS; a function is asked before each command that may talk to the remote. */
  readonly credentials?: GitCredentials | CredentialsSource;
  /** For SSH. Left out: the agent's keys and the user's own, and the user's known hosts. */
  readonly ssh?: SshAccess;
  /** PEM file of certificate authorities, used instead of the system's. */
  readonly caFile?: string;
  /** For HTTP and HTTPS, `http://[user:password@]host:port`, whatever the environment says of proxies. */
  readonly proxy?: Secret;
  /** The longest one git command may take; 10 minutes when left out. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 600_000;

/** The git that reaches one remote, in the tree of a private place. */
export async function connect(
  place: PrivatePlace,
  options: RemoteOptions,
  remote: RemoteUrl,
  call: Call,
): Promise<Git> {
  const proxy = parseProxy(options.proxy);
  const bare: GitSettings = {
    transport: remote.transport,
    caFile: options.caFile === undefined ? undefined : resolve(options.caFile),
    proxy,
    ssh: {},
    home: place.home,
  };
  const local = localEnvironment(bare, process.env);
  const ssh =
    remote.transport === "ssh" ? await prepareSsh(options.ssh ?? {}, await place.folder("ssh"), local, call) : {};
  const credentials = credentialsSource(options.credentials);
  return createGit({
    folder: place.tree,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    local,
    remote: async (remoteCall) => {
      const login = await credentials(remoteCall);
      return {
        environment: remoteEnvironment({ ...bare, ssh }, login, process.env),
        secrets: [...secretTexts(login), ...(proxy?.secrets ?? [])],
      };
    },
  });
}
