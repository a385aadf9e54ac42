import { Buffer } from "node:buffer";
import type { Impersonation } from "./kube-target.ts";

/** Bytes that a header name may hold, as RFC 9110 has it, but for the percent sign that escapes the others. */
const PLAIN = /[A-Za-z0-9!#$&'*+.^_`|~-]/;

/**
 * All headers of an impersonation. Leaving one out would act with other rights than were asked for.
 * @see Kubernetes, Authentication, User impersonation
 */
export function impersonationHeaders(wanted: Impersonation): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { "impersonate-user": headerBytes(wanted.user) };
  if (wanted.groups.length > 0) headers["impersonate-group"] = wanted.groups.map(headerBytes);
  if (wanted.uid !== undefined) headers["impersonate-uid"] = headerBytes(wanted.uid);
  for (const [key, values] of Object.entries(wanted.extra)) {
    headers[`impersonate-extra-${escapedKey(key)}`] = values.map(headerBytes);
  }
  return headers;
}

/** Headers go out byte by byte; the server reads these bytes as UTF-8. */
function headerBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function escapedKey(key: string): string {
  const escaped: string[] = [];
  for (const byte of Buffer.from(key.toLowerCase(), "utf8")) {
    const char = String.fromCharCode(byte);
    escaped.push(PLAIN.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  }
  return escaped.join("");
}
