import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { bitString, constructed, integer, objectIdentifier, octetString, primitive, sequence } from "./der.ts";

/** A private key and the certificate that it signed for itself, both PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly certificate: string;
}

const LIFETIME_MS = 365 * 24 * 3_600_000;
/** A client whose clock is behind ours must find the certificate valid as well. */
const CLOCK_TOLERANCE_MS = 3_600_000;

const ECDSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

/**
 * Makes a certificate for 127.0.0.1 and localhost, good for a year. Node makes keys and signs, but writes no
 * certificates: these few fields of X.509 (RFC 5280) are put together here.
 */
export function selfSigned(now: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = nameOf("kubeferry browse");
  const toBeSigned = sequence(
    constructed(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(now.getTime() - CLOCK_TOLERANCE_MS), time(now.getTime() + LIFETIME_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    constructed(0xa3, sequence(alternativeNames())),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: pem(certificate),
  };
}

/** Positive, and not zero in front: the one form that DER allows. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function nameOf(commonName: string): Buffer {
  const text = primitive(0x0c, Buffer.from(commonName, "utf8"));
  return sequence(constructed(0x31, sequence(objectIdentifier(COMMON_NAME), text)));
}

/** UTCTime, "261121230000Z": what RFC 5280 wants until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:T]/g, "");
  return primitive(0x17, Buffer.from(digits.slice(2), "ascii"));
}

function alternativeNames(): Buffer {
  const names = sequence(primitive(0x87, Buffer.from([127, 0, 0, 1])), primitive(0x82, Buffer.from("localhost")));
  return sequence(objectIdentifier(SUBJECT_ALTERNATIVE_NAME), octetString(names));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
