import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { GitOpsError } from "../gitops-error.ts";

/** The public half of what the Sealed Secrets controller opens SealedSecrets with. */
export interface SealingCertificate {
  readonly publicKey: KeyObject;
  /** SHA-256 of the public key: another one for another key, the same for a renewed certificate. */
  readonly fingerprint: string;
  /** Undefined for one that is in force. */
  readonly warning: string | undefined;
}

const SETTING = "gitops.secrets.sealedSecret.certificateFile";
const MIN_BITS = 2048;

/**
 * Reads the first certificate of a PEM file.
 * @throws GitOpsError "config" for a file that cannot be read, holds no certificate, or one without an RSA key
 */
export async function readCertificate(path: string, now: Date): Promise<SealingCertificate> {
  const certificate = parsed(path, await textOf(path));
  const { publicKey } = certificate;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== "rsa" || bits < MIN_BITS) {
    throw unusable(path, `its key is no RSA key of ${MIN_BITS} bits or more`);
  }
  const spki = publicKey.export({ type: "spki", format: "der" });
  const fingerprint = createHash("sha256").update(spki).digest("hex");
  return { publicKey, fingerprint, warning: warningOf(certificate, now) };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unusable(path, `it cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
}

function parsed(path: string, text: string): X509Certificate {
  // A private key in the wrong place is not even parsed, and the parser's message could quote what it was given.
  if (text.includes("PRIVATE KEY")) throw unusable(path, "it holds a private key");
  try {
    return new X509Certificate(text);
  } catch {
    throw unusable(path, "it holds no certificate in PEM");
  }
}

function warningOf({ validTo }: X509Certificate, now: Date): string | undefined {
  const until = new Date(validTo);
  if (until > now) return undefined;
  return `${SETTING}: the certificate expired on ${until.toISOString().slice(0, 10)}; what is sealed to it opens, but the controller has newer keys: fetch the current one`;
}

function unusable(path: string, problem: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: `read ${SETTING} ${path}`,
    problem,
    next: "write what `kubeseal --fetch-cert` prints into it",
  });
}
