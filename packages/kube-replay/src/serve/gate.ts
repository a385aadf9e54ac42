import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Secret } from "@kubeferry/model";
import { ReplayError } from "../replay-error.ts";

/** Who may ask. */
export interface Gate {
  /** The bearer token to be shown; undefined: whoever reaches the port may read. */
  readonly token: Secret | undefined;
}

/** Answered to everybody, as API servers do: nothing of the snapshot is in them. */
const OPEN_PATHS: readonly string[] = ["/healthz", "/livez", "/readyz"];

/**
 * Lets a request through, or refuses it.
 * @throws ReplayError "forbidden" for another Host than loopback: a web page that has its own name resolve to 127.0.0.1
 * would otherwise read the snapshot through the browser of whoever serves it; "unauthorized" without the token
 */
export function checkGate(request: IncomingMessage, path: string, gate: Gate): void {
  if (!isLoopback(request.headers.host)) {
    throw new ReplayError("forbidden", "this server answers only as 127.0.0.1 or localhost");
  }
  if (gate.token === undefined || OPEN_PATHS.includes(path)) return;
  if (!isSame(bearer(request.headers.authorization), gate.token.reveal())) {
    throw new ReplayError("unauthorized", "Unauthorized");
  }
}

function isLoopback(host: string | undefined): boolean {
  return /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host ?? "");
}

function bearer(authorization: string | undefined): string {
  return /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
}

/** Compares digests, in constant time: how long it takes says nothing about where two tokens differ. */
function isSame(shown: string, token: string): boolean {
  const [left, right] = [shown, token].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
