import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { Secret } from "@kubeferry/model";
import { PlatformError } from "../../platform-error.ts";

/** GitHub takes ten minutes at most; the rest is for clocks that differ. */
const LIFETIME_S = 9 * 60;
const CLOCKS_DIFFER_S = 60;

/**
 * Reads an App's private key.
 * @param pem as GitHub's download holds it; line ends may be written as `\n`, as in an environment variable
 * @throws PlatformError "invalid"; nothing of the key is repeated
 */
export function readAppKey(pem: Secret): KeyObject {
  const key = parsed(pem.reveal().replaceAll("\\n", "\n"));
  if (key?.asymmetricKeyType === "rsa") return key;
  throw new PlatformError({
    kind: "invalid",
    who: "github",
    operation: "read repository.app.privateKey",
    problem: key === undefined ? "it is no private key in PEM" : "it is no RSA key",
    next: "make one in the settings of the App, and write the file as it was downloaded",
  });
}

/**
 * What an App says who it is with, for nine minutes.
 * @param nowMs since 1970
 * @see GitHub's documentation, "Generating a JSON Web Token (JWT) for a GitHub App"
 */
export function appJwt(appId: string, key: KeyObject, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000) - CLOCKS_DIFFER_S;
  const claims = { iat: issued, exp: issued + CLOCKS_DIFFER_S + LIFETIME_S, iss: appId };
  const signed = `${encoded({ alg: "RS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

function parsed(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined; // OpenSSL's message says nothing that helps
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
