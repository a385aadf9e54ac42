import { Buffer } from "node:buffer";
import type { Secret } from "@kubeferry/model";
import { hiddenText } from "./hidden-text.ts";
import type { GitTransport } from "./remote-url.ts";

/** Who git says it is towards the server. */
export interface GitCredentials {
  /** Left out: "x-access-token", which hosts take that only look at the token. */
  readonly username?: string;
  /** A token or password. */
  readonly token: Secret;
}

/** What decides how git behaves, whatever this machine's own configuration says. */
export interface GitSettings {
  readonly transport: GitTransport;
  readonly credentials: GitCredentials | undefined;
  /** PEM file of certificate authorities that stands in for the system's. */
  readonly caFile: string | undefined;
  /** An empty folder: git and curl find no `.gitconfig` and no `.netrc` there. */
  readonly home: string;
}

/** What of this process's environment git is given: how to find programs, proxies, certificates and the SSH agent. */
const PASSED_ON =
  /^(path|pathext|systemroot|tmpdir|temp|tmp|(https?|all|no)_proxy|ssl_cert_(file|dir)|ssh_auth_sock|user|logname)$/i;

// Aborts a transfer that moves less than a byte a second for this long.
const STALLED_SECONDS = 120;

/**
 * Builds the whole environment of a git process. Everything that git can be configured with goes through it, so that
 * neither arguments (readable by every user of the machine) nor `.git/config` hold anything. The credential is an HTTP
 * header in `GIT_CONFIG_VALUE_n`: environments are readable by the same user only.
 * @param source the environment of this process
 */
export function gitEnvironment(settings: GitSettings, source: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && PASSED_ON.test(name)) environment[name] = value;
  }
  return {
    ...environment,
    ...(settings.transport === "ssh" ? { GIT_SSH_COMMAND: SSH } : {}),
    ...configVariables(configOf(settings)),
    HOME: settings.home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: settings.transport,
    GIT_LITERAL_PATHSPECS: "1",
  };
}

// No question is ever asked and an unknown host is refused: its key belongs into known_hosts beforehand.
const SSH = "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=30";

function configOf(settings: GitSettings): (readonly [string, string])[] {
  const config: (readonly [string, string])[] = [
    ["core.hooksPath", "/dev/null"],
    ["core.autocrlf", "false"],
    ["core.quotePath", "false"],
    ["core.logAllRefUpdates", "false"],
    ["init.defaultBranch", "main"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
    ["submodule.recurse", "false"],
    // git goes on sending its headers to the host that it was redirected to: a redirect would carry the token away.
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "1"],
    ["http.lowSpeedTime", String(STALLED_SECONDS)],
  ];
  if (settings.caFile !== undefined) config.push(["http.sslCAInfo", settings.caFile]);
  const header = authorization(settings);
  if (header !== undefined) config.push(["http.extraHeader", header]);
  return config;
}

function authorization({ credentials, transport }: GitSettings): string | undefined {
  if (credentials === undefined || (transport !== "https" && transport !== "http")) return undefined;
  const pair = `${credentials.username ?? "x-access-token"}:${credentials.token.reveal()}`;
  return hiddenText(`Authorization: Basic ${Buffer.from(pair, "utf8").toString("base64")}`);
}

function configVariables(config: readonly (readonly [string, string])[]): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(config.length) };
  for (const [index, [key, value]] of config.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
