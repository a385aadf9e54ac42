import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { ServeError } from "../serve-error.ts";

/** Where certificate, key and authorities lie; PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Written: a client must have a certificate of one of these authorities. */
  readonly clientCaFile?: string;
}

/** What the files held at one moment. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

const READS = 5;

/**
 * Reads the files until two readings agree: a Secret that is swapped between two of them would give a certificate with
 * another one's key.
 * @throws ServeError "tls" for a file that cannot be read, for a certificate that is not its key's, and for authorities
 * that are none
 */
export async function readTlsFiles(files: TlsFiles): Promise<TlsMaterial> {
  let material = await readOnce(files);
  for (let read = 1; read < READS; read++) {
    const again = await readOnce(files);
    if (isSame(material, again)) break;
    material = again;
  }
  checkPair(material, files);
  checkAuthorities(material, files);
  return material;
}

/** Whether nothing has to be done. */
export function isSame(left: TlsMaterial, right: TlsMaterial): boolean {
  return left.cert === right.cert && left.key === right.key && left.ca === right.ca;
}

async function readOnce({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<TlsMaterial> {
  const [cert, key] = [await readPem(certFile), await readPem(keyFile)];
  return { cert, key, ...(clientCaFile === undefined ? {} : { ca: await readPem(clientCaFile) }) };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unusable(`read ${path}`, `the file cannot be read: ${(cause as NodeJS.ErrnoException).code}`, cause);
  }
}

function checkPair(material: TlsMaterial, { certFile, keyFile }: TlsFiles): void {
  try {
    createSecureContext(material);
  } catch (cause) {
    // OpenSSL's words name what is wrong and hold nothing of the key.
    const problem = `certificate and key do not make a pair that can be used: ${(cause as Error).message}`;
    throw unusable(`use ${certFile} with ${keyFile}`, problem, cause);
  }
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Of an empty text Node makes "all authorities of the world", and of one without certificates "nobody"; neither was meant. */
function checkAuthorities({ ca }: TlsMaterial, { clientCaFile }: TlsFiles): void {
  if (ca === undefined) return;
  const operation = `use ${clientCaFile}`;
  const certificates = ca.match(PEM_CERTIFICATE) ?? [];
  if (certificates.length === 0) throw unusable(operation, "there is no certificate in it");
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (cause) {
    throw unusable(operation, `a certificate in it cannot be read: ${(cause as Error).message}`, cause);
  }
}

function unusable(operation: string, problem: string, cause?: unknown): ServeError {
  return new ServeError({ kind: "tls", operation, problem, next: "look at gitops.serve.tls", cause });
}
