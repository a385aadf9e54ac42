/** Where in the API a path points: "/apis/apps/v1/namespaces/shop/deployments/web/status". */
export interface Place {
  /** "" for core. */
  readonly group: string;
  readonly version: string | undefined;
  readonly namespace: string | undefined;
  readonly resource: string | undefined;
  readonly name: string | undefined;
  /** "status", "log"; what lies behind it is joined: "proxy/index.html". */
  readonly subresource: string | undefined;
}

/** @returns undefined for what is no path of resources, or cannot be decoded */
export function placeOf(path: string): Place | undefined {
  const parts = decoded(path);
  if (parts === undefined || (parts[0] !== "api" && parts[0] !== "apis")) return undefined;
  const core = parts[0] === "api";
  const [version, ...rest] = parts.slice(core ? 1 : 2);
  const group = core ? "" : (parts[1] ?? "");
  const [scope, namespace, ...inside] = rest;
  // "/api/v1/namespaces/shop" is the namespace itself, and ".../shop/status" its status; with anything else behind it,
  // "shop" is where the object lives.
  const within = scope === "namespaces" && inside.length > 0 && !NAMESPACE_PARTS.includes(inside[0] ?? "");
  const [resource, name, ...more] = within ? inside : rest;
  const subresource = more.length === 0 ? undefined : more.join("/");
  return { group, version, resource, name, subresource, namespace: within ? namespace : undefined };
}

const NAMESPACE_PARTS: readonly string[] = ["status", "finalize"];

function decoded(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
