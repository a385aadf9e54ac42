import type { ZodType } from "zod";

/** A request that a stand-in has looked through: of known form, from a known user. */
export interface StandInRequest<Query, Body> {
  /** The names in braces of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whom the credential speaks for. */
  readonly user: string;
  /** Where the stand-in is reached, for links: "http://127.0.0.1:40123". */
  readonly url: string;
  /** With the query, as it was asked for. */
  readonly path: string;
}

/** What a stand-in answers: JSON, or nothing. */
export interface StandInAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of a host. */
export interface Route {
  readonly method: string;
  /** "/repos/{owner}/{repo}/branches/{branch+}": with "+" it may hold slashes. */
  readonly template: string;
  readonly query: ZodType | undefined;
  readonly body: ZodType | undefined;
  readonly handle: (request: StandInRequest<unknown, unknown>) => StandInAnswer;
}

/**
 * Describes an operation: what may be asked, and what is answered.
 * @param operation "POST /repos/{owner}/{repo}/pulls"
 * @param shape compact schemas of ours, strict objects; a query or body without one must not be there. Values of a query
 *   arrive as strings.
 */
export function route<Query = undefined, Body = undefined>(
  operation: `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`,
  shape: { readonly query?: ZodType<Query>; readonly body?: ZodType<Body> },
  handle: (request: StandInRequest<Query, Body>) => StandInAnswer,
): Route {
  const space = operation.indexOf(" ");
  return {
    method: operation.slice(0, space),
    template: operation.slice(space + 1),
    query: shape.query,
    body: shape.body,
    // The server has read both with these very schemas.
    handle: (request) => handle(request as StandInRequest<Query, Body>),
  };
}

/** "POST /repos/{owner}/{repo}/pulls", as the route was written. */
export function operationOf({ method, template }: Route): string {
  return `${method} ${template}`;
}

/** The route of a request, of several the one with the fewest names, and what its names stand for. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  pathname: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  const matches = routes.flatMap((candidate) => {
    const groups = candidate.method === method ? patternOf(candidate.template).exec(pathname)?.groups : undefined;
    return groups === undefined ? [] : [{ route: candidate, groups }];
  });
  const [first] = matches.sort((one, other) => Object.keys(one.groups).length - Object.keys(other.groups).length);
  if (first === undefined) return undefined;
  const params = Object.entries(first.groups).map(([name, value]) => [name, decodeURIComponent(value)] as const);
  return { route: first.route, params: Object.fromEntries(params) };
}

function patternOf(template: string): RegExp {
  const parts = template.split(/(\{\w+\+?\})/).map((part) => {
    const name = /^\{(\w+)(\+?)\}$/.exec(part);
    if (name === null) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return name[2] === "+" ? `(?<${name[1]}>.+)` : `(?<${name[1]}>[^/]+)`;
  });
  // The group makes `groups` be there for a template without names.
  return new RegExp(`^(?<all_>)${parts.join("")}$`);
}
