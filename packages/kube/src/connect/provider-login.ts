import type { RequestOptions } from "node:https";
import { orAborted } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import type { AuthPlugin, KubeTarget } from "./kube-target.ts";

/** What a plugin or provider gave. */
export interface PluginGift {
  readonly authorization?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Asks the plugin, or gives what it said last while that holds. */
export type PluginLogin = (signal: AbortSignal) => Promise<PluginGift>;

/** A provider that waits for a person would wait for ever here. */
const PROVIDER_TIMEOUT_MS = 60_000;
const MAX_WORDS = 300;

/**
 * Makes the login of an `auth-provider` user through @kubernetes/client-node, which knows these protocols.
 * It is loaded here and not before: it costs 0.4 s and 60 MB, and most kubeconfigs do without.
 */
export function createProviderLogin(target: KubeTarget, plugin: AuthPlugin): PluginLogin {
  let loaded: Promise<Login> | undefined;
  return async (signal) => {
    loaded ??= load(target, plugin);
    const login = await loaded;
    const options: RequestOptions = {};
    await bounded(login.applyToHTTPSOptions(options), plugin, signal);
    const { authorization } = { authorization: undefined, ...lowerCased(options.headers) };
    return { authorization: authorization?.trim(), certificate: pem(options.cert), key: pem(options.key) };
  };
}

interface Login {
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

async function load({ server, user }: KubeTarget, { settings }: AuthPlugin): Promise<Login> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromOptions({
    // Only the user matters here; skipTLSVerify keeps it from refusing http:// and concerns no connection of ours.
    clusters: [{ name: "cluster", server: server.url, skipTLSVerify: true }],
    users: [{ name: user.name, authProvider: settings }],
    contexts: [{ name: "context", cluster: "cluster", user: user.name }],
    currentContext: "context",
  });
  return config;
}

async function bounded(work: Promise<void>, plugin: AuthPlugin, signal: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(PROVIDER_TIMEOUT_MS);
  try {
    await orAborted(work, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    throw pluginError(
      plugin,
      timeout.aborted ? `it gave no answer in ${PROVIDER_TIMEOUT_MS / 1000} s` : wordsOf(error),
    );
  }
}

/** A parser's error quotes what was read, and that may be a token. */
function wordsOf(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof TypeError) return "what it gave cannot be read";
  if (!(error instanceof Error)) return "it failed";
  const words = error.message
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_WORDS);
  return words === "" ? "it failed and said nothing" : `it failed: ${words}`;
}

/** What to throw for a login that did not succeed. */
export function pluginError({ type, settings }: AuthPlugin, problem: string): KubeError {
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
