import { Buffer } from "node:buffer";
import type { Secret } from "@kubeferry/model";

/** The header by which a user is let in with a password, or with a token in its place (RFC 7617, in UTF-8). */
export function basicAuthorization(username: string, password: Secret): { readonly authorization: string } {
  const pair = Buffer.from(`${username}:${password.reveal()}`, "utf8").toString("base64");
  return { authorization: `Basic ${pair}` };
}
