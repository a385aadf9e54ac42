import { authorizationHeader, type GitCredentials } from "./credentials.ts";
import { hiddenText } from "./hidden-text.ts";
import type { ProxyAddress } from "./proxy.ts";
import type { GitTransport } from "./remote-url.ts";

/** What decides how git behaves, whatever this machine's own configuration says. */
export interface GitSettings {
  readonly transport: GitTransport;
  /** PEM file of certificate authorities that stands in for the system's. */
  readonly caFile: string | undefined;
  readonly proxy: ProxyAddress | undefined;
  /** Variables by which ssh is called; with secrets in `hiddenText`. */
  readonly ssh: Readonly<Record<string, string>>;
  /** An empty folder: git and curl find no `.gitconfig` and no `.netrc` there. */
  readonly home: string;
}

/** What of this process's environment git is given: how to find programs, certificates and the SSH agent. */
const PASSED_ON = /^(path|pathext|systemroot|tmpdir|temp|tmp|ssl_cert_(file|dir)|ssh_auth_sock|user|logname)$/i;

/** The same for a way through proxies; none of it where the configuration names one. */
const PROXIES = /^(https?|all|no)_proxy$/i;

// Aborts a transfer that moves less than a byte a second for this long.
const STALLED_SECONDS = 120;

/**
 * Builds the whole environment of a git process that stays on this machine. Everything that git can be configured with
 * goes through it, so that neither arguments (readable by every user of the machine) nor `.git/config` decide anything.
 * @param source the environment of this process
 */
export function localEnvironment(settings: GitSettings, source: NodeJS.ProcessEnv): Record<string, string> {
  return { ...base(settings, source), ...configVariables(BEHAVIOUR) };
}

/**
 * The same for a git process that talks to the remote: proxy, certificates and credentials are in it, and nowhere
 * else. The credential is an HTTP header in `GIT_CONFIG_VALUE_n`: environments are readable by the same user only.
 */
export function remoteEnvironment(
  settings: GitSettings,
  credentials: GitCredentials | undefined,
  source: NodeJS.ProcessEnv,
): Record<string, string> {
  const config = [...BEHAVIOUR, ...connection(settings, credentials)];
  const ssh = settings.transport === "ssh" ? settings.ssh : {};
  const proxies = settings.proxy === undefined ? hiddenValues(chosen(source, PROXIES)) : {};
  return { ...base(settings, source), ...proxies, ...ssh, ...configVariables(config) };
}

/** An environment of ours with more settings of git in it. */
export function withSettings(
  environment: Readonly<Record<string, string>>,
  settings: readonly Setting[],
): Record<string, string> {
  const first = Number(environment.GIT_CONFIG_COUNT ?? 0);
  return { ...environment, ...configVariables(settings, first) };
}

function base(settings: GitSettings, source: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...chosen(source, PASSED_ON),
    HOME: settings.home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: settings.transport,
    GIT_LITERAL_PATHSPECS: "1",
  };
}

function chosen(source: NodeJS.ProcessEnv, names: RegExp): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && names.test(name)) environment[name] = value;
  }
  return environment;
}

/** An address of a proxy may hold a password. */
function hiddenValues(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, hiddenText(value)]));
}

/** One setting of git: key and value. */
export type Setting = readonly [key: string, value: string];

const BEHAVIOUR: readonly Setting[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.autocrlf", "false"],
  ["core.quotePath", "false"],
  ["core.logAllRefUpdates", "false"],
  ["init.defaultBranch", "main"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  // What arrives stays in packs, which is what a kept clone consists of.
  ["fetch.unpackLimit", "1"],
];

function connection(settings: GitSettings, credentials: GitCredentials | undefined): readonly Setting[] {
  const { transport, caFile, proxy } = settings;
  if (transport !== "https" && transport !== "http") return [];
  const config: Setting[] = [
    // git goes on sending its headers to the host that it was redirected to: a redirect would carry the token away.
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "1"],
    ["http.lowSpeedTime", String(STALLED_SECONDS)],
  ];
  if (caFile !== undefined) config.push(["http.sslCAInfo", caFile]);
  if (proxy !== undefined) config.push(["http.proxy", hiddenText(proxy.url)]);
  if (credentials !== undefined) config.push(["http.extraHeader", hiddenText(authorizationHeader(credentials))]);
  return config;
}

function configVariables(config: readonly Setting[], first = 0): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(first + config.length) };
  for (const [index, [key, value]] of config.entries()) {
    variables[`GIT_CONFIG_KEY_${first + index}`] = key;
    variables[`GIT_CONFIG_VALUE_${first + index}`] = value;
  }
  return variables;
}
