import type { KeyObject } from "node:crypto";
import { randomBytes, verify } from "node:crypto";
import { z } from "zod";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type GitHubState, said, withRepository } from "./github-state.ts";

/** A GitHub App of the stand-in, installed for every repository but those that it names. */
export interface AppState {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly slug: string;
  readonly installationId: number;
  permissions: Readonly<Record<string, string>>;
  /** Names of repositories that the installation does not include. */
  readonly without: Set<string>;
  /** Tokens that were given out -> when they run out, in milliseconds since 1970. */
  readonly tokens: Map<string, number>;
  /** The stand-in's clock. */
  now(): number;
}

const HOUR_MS = 3_600_000;

/** What an App asks for as itself. */
export function appRoutes(state: GitHubState, app: AppState): readonly Route[] {
  return [
    route("GET /app", {}, () => ({ status: 200, json: { id: 77, slug: app.slug } })),
    route("GET /repos/{owner}/{repo}/installation", {}, ({ params }) =>
      withRepository(state, params, () => ({ status: 200, json: { id: app.installationId } })),
    ),
    route(
      "POST /app/installations/{id}/access_tokens",
      { body: z.strictObject({ repositories: z.array(z.string()).length(1) }) },
      ({ params, body }) => {
        if (Number(params.id) !== app.installationId) return said(404, "Not Found");
        if (body.repositories.some((name) => app.without.has(name))) {
          return said(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
          );
        }
        return tokenOf(app);
      },
    ),
  ];
}

/** Whether an App speaks for itself: its signature, and times that GitHub takes. */
export function isSignedBy(app: AppState, jwt: string): boolean {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const signed = Buffer.from(`${header}.${claims}`);
  if (!verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url"))) return false;
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
  const nowS = app.now() / 1000;
  return iss === app.id && Number(iat) <= nowS && Number(exp) > nowS && Number(exp) <= nowS + 600;
}

function tokenOf(app: AppState): StandInAnswer {
  const token = `ghs_${randomBytes(18).toString("hex")}`;
  const expires = app.now() + HOUR_MS;
  app.tokens.set(token, expires);
  const json = { token, expires_at: new Date(expires).toISOString().replace(".000", ""), permissions: app.permissions };
  return { status: 201, json };
}
