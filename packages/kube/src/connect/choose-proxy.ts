import { BlockList, isIP } from "node:net";

/** The variables of the environment that name proxies. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a server: the kubeconfig's `proxy-url`, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY or a loopback
 * address forbids it. Reads NO_PROXY as Kubernetes' own tools do, address ranges included.
 * @returns undefined for a direct connection
 */
export function chooseProxy(
  server: URL,
  proxyUrl: string | undefined,
  environment: ProxyEnvironment,
): string | undefined {
  if (proxyUrl !== undefined) return proxyUrl;
  const read = (name: string) => environment[name.toUpperCase()] || environment[name] || undefined;
  const proxy = read(server.protocol === "https:" ? "https_proxy" : "http_proxy");
  if (proxy === undefined) return undefined;
  const host = hostOf(server);
  if (host === "localhost" || isLoopback(host)) return undefined;
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const excluded = (read("no_proxy") ?? "").split(",").some((entry) => excludes(entry.trim(), host, port));
  if (excluded) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function hostOf(server: URL): string {
  return server.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
}

function isLoopback(host: string): boolean {
  return host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function excludes(entry: string, host: string, port: string): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  if (entry.includes("/")) return inRange(entry, host);
  const [name, onlyPort] = splitPort(entry.toLowerCase());
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (name.startsWith("*.")) return host.endsWith(name.slice(1));
  if (name.startsWith(".")) return host.endsWith(name);
  return host === name || (isIP(name) === 0 && host.endsWith(`.${name}`));
}

function splitPort(entry: string): [name: string, port: string | undefined] {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null) return [bracketed[1] ?? "", bracketed[2]];
  if (isIP(entry) === 6) return [entry, undefined];
  const [name = "", port] = entry.split(":");
  return [name, port];
}

function inRange(range: string, host: string): boolean {
  const [network = "", bits] = range.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits ?? "")) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
