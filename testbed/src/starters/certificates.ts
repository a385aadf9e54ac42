// @peculiar/x509 resolves its algorithms through decorators and refuses to load without this.
import "reflect-metadata";
import { createPrivateKey, generateKeyPairSync, type KeyObject, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const lifetimeMs = 30 * 24 * 3_600_000;
const clockToleranceMs = 3_600_000;

/** A certificate and its private key, both PEM. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says, and what it is good for. */
export interface CertificateRequest {
  readonly commonName: string;
  /** For client certificates Kubernetes reads these as the user's groups. */
  readonly organizations?: readonly string[];
  readonly usage: "server" | "client";
}

/** Makes the authority of one API server; Node itself can make keys but sign no certificate. */
export async function createAuthority(): Promise<CertificatePair> {
  const { key, keys } = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: new Name([{ CN: ["kubeferry testbed authority"] }]),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return { certificate: certificate.toString("pem"), key };
}

/** Issues a certificate; one for a server is good for 127.0.0.1 and localhost. */
export async function issueCertificate(
  authority: CertificatePair,
  request: CertificateRequest,
): Promise<CertificatePair> {
  const { key, keys } = await newKeys();
  const issuer = new X509Certificate(authority.certificate);
  const purpose = request.usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject: new Name([{ CN: [request.commonName] }, ...(request.organizations ?? []).map((name) => ({ O: [name] }))]),
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: (await importKeys(createPrivateKey(authority.key))).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([purpose]),
      await AuthorityKeyIdentifierExtension.create(issuer),
      ...(request.usage === "server" ? [loopbackNames()] : []),
    ],
  });
  return { certificate: certificate.toString("pem"), key };
}

function loopbackNames(): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension([
    { type: "ip", value: "127.0.0.1" },
    { type: "dns", value: "localhost" },
  ]);
}

function validity() {
  const serialNumber = Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex");
  const notBefore = new Date(Date.now() - clockToleranceMs);
  return { serialNumber, notBefore, notAfter: new Date(Date.now() + lifetimeMs) };
}

async function newKeys() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(), keys: await importKeys(privateKey) };
}

async function importKeys(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const privateJwk = key.export({ format: "jwk" });
  const { d: _private, ...publicJwk } = privateJwk;
  return {
    privateKey: await webcrypto.subtle.importKey("jwk", privateJwk, algorithm, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("jwk", publicJwk, algorithm, true, ["verify"]),
  };
}
