import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ZodType } from "zod";
import { type ApiDescription, descriptionFile, readDescription } from "../api-description.ts";
import { actOut, createFaults, type Faults } from "../faults.ts";
import { type RecordedRequest, readRequest } from "../recorded-request.ts";
import { findRoute, operationOf, type Route, type StandInAnswer } from "./route.ts";

/** How a host is stood in for. */
export interface StandInOptions {
  /** Of the published description: "github". */
  readonly description: string;
  readonly routes: readonly Route[];
  /**
   * Operations that the published description lacks, or of which it lacks parameters of the query, each with the reason
   * why it is asked for nevertheless.
   */
  readonly beyond: Readonly<Record<string, string>>;
  /** Whom a request's credential speaks for; the answer for one that is not accepted. */
  readonly authenticate: (headers: Readonly<Record<string, string>>, path: string) => string | StandInAnswer;
  /** Every form in which the credential could be written; none is in any answer. */
  readonly credentials: readonly string[];
  /** Headers of every answer. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** The status for a request that is not of the described form; 422 when left out. */
  readonly invalidStatus?: 400 | 422;
}

/** A host of ours that holds state and takes nothing that the real one would not. */
export interface StandIn {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What was wrong with requests, a line each; a test must find this empty. */
  readonly violations: readonly string[];
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const file = descriptionFile(options.description);
  const description = file === undefined ? undefined : readDescription(file);
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const faults = createFaults();
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      violations.push(`the stand-in failed: ${(error as Error).stack}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const fault = faults.next(request);
    if (fault !== undefined) return actOut(fault, response);
    const answer = answerTo({ options, description, violations, url }, request, plain(incoming));
    const body = answer.json === undefined ? "" : JSON.stringify(answer.json);
    if (options.credentials.some((credential) => `${body}${JSON.stringify(answer.headers)}`.includes(credential))) {
      violations.push(`${request.method} ${request.path}: the answer holds the credential`);
    }
    const type = answer.json === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
    response.writeHead(answer.status, { ...options.headers?.(), ...type, ...answer.headers });
    response.end(body);
  }

  return {
    url,
    requests,
    violations,
    faults,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Standing {
  readonly options: StandInOptions;
  readonly description: ApiDescription | undefined;
  readonly violations: string[];
  readonly url: string;
}

function answerTo(
  { options, description, violations, url }: Standing,
  request: RecordedRequest,
  headers: Readonly<Record<string, string>>,
): StandInAnswer {
  const { method, path } = request;
  const user = options.authenticate(headers, path);
  if (typeof user !== "string") return user;
  const { pathname, searchParams } = new URL(path, url);
  const found = findRoute(options.routes, method, pathname);
  const refuse = (problem: string): StandInAnswer => {
    violations.push(
      `${method} ${path}: ${problem}${request.body === undefined ? "" : ` ${JSON.stringify(request.body)}`}`,
    );
    return { status: options.invalidStatus ?? 422, json: { message: problem } };
  };
  if (found === undefined) return refuse("the stand-in has no such operation");
  const published = description?.problemOf(request);
  const lacking = /^(no such operation|unknown query parameter )/.test(published ?? "");
  const beyond = lacking && operationOf(found.route) in options.beyond;
  if (published !== undefined && !beyond) return refuse(`the published description: ${published}`);
  const query = read(found.route.query, searchParams.size === 0 ? undefined : Object.fromEntries(searchParams));
  if ("problem" in query) return refuse(`query: ${query.problem}`);
  const body = read(found.route.body, request.body);
  if ("problem" in body) return refuse(`body: ${body.problem}`);
  return found.route.handle({ params: found.params, query: query.value, body: body.value, headers, user, url, path });
}

function read(schema: ZodType | undefined, value: unknown): { readonly value: unknown } | { readonly problem: string } {
  if (schema === undefined) return value === undefined ? { value } : { problem: "there must be none" };
  // A query that may be left out whole arrives as nothing.
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return { value: parsed.data };
  return { problem: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ") };
}

function plain(incoming: IncomingMessage): Readonly<Record<string, string>> {
  const headers = Object.entries(incoming.headers);
  return Object.fromEntries(headers.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}
