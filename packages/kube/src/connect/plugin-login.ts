import type { RequestOptions } from "node:https";
import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import type { AuthPlugin, KubeTarget } from "./kube-target.ts";

/** What a plugin or provider gave. */
interface PluginGift {
  readonly authorization?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Asks the plugin, or gives what it said last while that holds. */
export type PluginLogin = (call: Call) => Promise<PluginGift>;

/** A plugin that waits for a person would wait for ever here. */
const PLUGIN_TIMEOUT_MS = 60_000;
const MAX_WORDS = 300;

/**
 * Makes the login of an `exec` or `auth-provider` user through @kubernetes/client-node, which knows these protocols.
 * It is loaded here and not before: it costs 0.4 s and 60 MB, and most kubeconfigs do without.
 */
export function createPluginLogin(target: KubeTarget, plugin: AuthPlugin): PluginLogin {
  let loaded: Promise<Login> | undefined;
  return async (call) => {
    loaded ??= load(target, plugin);
    const login = await loaded;
    const options: RequestOptions = {};
    await bounded(login.applyToHTTPSOptions(options), plugin, call);
    const { authorization } = { authorization: undefined, ...lowerCased(options.headers) };
    return { authorization: authorization?.trim(), certificate: pem(options.cert), key: pem(options.key) };
  };
}

interface Login {
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

async function load(target: KubeTarget, plugin: AuthPlugin): Promise<Login> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const { server, user } = target;
  config.loadFromOptions({
    // Only the user matters here; skipTLSVerify keeps it from refusing http:// and concerns no connection of ours.
    clusters: [{ name: "cluster", server: server.url, skipTLSVerify: true }],
    users: [{ name: user.name, ...pluginSettings(target, plugin) }],
    contexts: [{ name: "context", cluster: "cluster", user: user.name }],
    currentContext: "context",
  });
  return config;
}

function pluginSettings(target: KubeTarget, { type, settings }: AuthPlugin) {
  if (type === "auth-provider") return { authProvider: settings };
  const given = Array.isArray(settings.env) ? settings.env : [];
  return {
    exec: { ...settings, env: [...given, { name: "KUBERNETES_EXEC_INFO", value: execInfo(target, settings) }] },
  };
}

/** What kubectl tells a plugin about its call; some fail without. */
function execInfo({ server }: KubeTarget, settings: AuthPlugin["settings"]): string {
  const { authority } = server;
  const cluster = {
    server: server.url,
    ...(server.tlsServerName === undefined ? {} : { "tls-server-name": server.tlsServerName }),
    ...(server.skipTlsVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(authority !== undefined && "text" in authority ? { "certificate-authority-data": btoa(authority.text) } : {}),
    ...(server.proxyUrl === undefined ? {} : { "proxy-url": server.proxyUrl }),
  };
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion: settings.apiVersion,
    spec: { interactive: false, ...(settings.provideClusterInfo === true ? { cluster } : {}) },
  });
}

async function bounded(work: Promise<void>, plugin: AuthPlugin, call: Call): Promise<void> {
  const timeout = AbortSignal.timeout(PLUGIN_TIMEOUT_MS);
  const stopped = AbortSignal.any([call.signal, timeout]);
  try {
    stopped.throwIfAborted();
    await Promise.race([work, rejectedOn(stopped)]);
  } catch (error) {
    if (call.signal.aborted) throw call.signal.reason;
    throw pluginError(plugin, timeout.aborted ? `it gave no answer in ${PLUGIN_TIMEOUT_MS / 1000} s` : wordsOf(error));
  }
}

function rejectedOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

/** A parser's error quotes what the plugin printed, and that may be a token; what the plugin says on stderr is for people. */
function wordsOf(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof TypeError) return "it printed no ExecCredential";
  if (!(error instanceof Error)) return "it failed";
  if ("code" in error && error.code === "ENOENT") return "the program is not there";
  const words = error.message
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_WORDS);
  return words === "" ? "it failed and said nothing" : `it failed: ${words}`;
}

function pluginError({ type, settings }: AuthPlugin, problem: string): KubeError {
  const name = type === "exec" ? settings.command : settings.name;
  const hint = typeof settings.installHint === "string" ? `; ${settings.installHint.slice(0, MAX_WORDS)}` : "";
  return new KubeError({
    kind: "unauthorized",
    who: "kube",
    operation: `log in through the ${type} plugin "${String(name)}"`,
    problem,
    next: `try it with: kubectl get --raw /version${hint}`,
  });
}

function lowerCased(headers: RequestOptions["headers"]): { authorization?: string } {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return Object.fromEntries(entries);
}

function pem(value: RequestOptions["cert"] | RequestOptions["key"]): string | undefined {
  return value === undefined ? undefined : String(value);
}
