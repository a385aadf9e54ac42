import { isIP } from "node:net";
import { z } from "zod";
import { duration, emptySection, filePath, sizeBytes, text, whole } from "./values.ts";

const tls = z
  .strictObject({
    certFile: filePath({ description: "Certificate chain, PEM. Read again when the file changes." }),
    keyFile: filePath({ description: "Its key, PEM." }),
    clientCaFile: filePath({
      description: "Authorities of client certificates; written, a call without one of theirs is refused (mTLS).",
    }).exactOptional(),
  })
  .meta({ description: "TLS of the webhook. Left out: plain HTTP, for an Ingress or a mesh that ends TLS." });

const proxy = text({ description: "An address, or a network: `10.128.0.0/14`." }).refine(
  isNetwork,
  'expected an address or a network, such as "10.128.0.0/14"; no network of all addresses',
);

/** `gitops.serve`: the receiver of backup-complete calls. */
export const serveSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      host: text({
        description: "Address the webhook listens on. Left out: every address in a Pod, `127.0.0.1` elsewhere.",
      }).exactOptional(),
      port: whole(
        { min: 0, max: 65_535 },
        { description: "Its port; 0 takes any. Left out: 8443 with `tls`, 8081 without." },
      ).exactOptional(),
      tls: tls.exactOptional(),
      tolerance: duration(
        { min: "1s", max: "1h" },
        {
          description:
            "How far the time of a call may be from the own clock, either way. A call is taken once within it.",
        },
      ).prefault("5m"),
      maxBody: sizeBytes({ description: "Larger calls are refused before they are read." }).prefault("64Ki"),
      callsPerMinute: whole(
        { min: 1, max: 100_000 },
        { description: "Calls of one sender address a minute; more are refused with 429." },
      ).prefault(600),
      trustedProxies: z.array(proxy, 'expected a list, such as ["10.128.0.0/14"]').prefault([]).meta({
        description:
          "Addresses of what calls come through, such as an Ingress: only theirs is the word believed (`X-Forwarded-For`) who the sender is. Whoever else has one of these addresses can give itself any other; it must pass signatures all the same.",
      }),
      interval: duration(
        { min: "10s", max: "7d" },
        { description: "How often it looks for new snapshots without being called: what a lost call costs at most." },
      ).prefault("15m"),
      runTimeout: duration(
        { min: "1s", max: "1d" },
        {
          description:
            "How long a run may take. One that takes longer is given up as failed, and others have their turn; where it does not end then either, the process does.",
        },
      ).prefault("1h"),
    }),
  )
  .prefault({})
  .meta({ description: "`kubeferry gitops serve`: runs stage 2 when a backup says that it is complete." });

/** Of a length of 0 it would be everybody, and everybody's word would be believed. */
function isNetwork(text: string): boolean {
  const [address = "", length, ...more] = text.split("/");
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || more.length > 0) return false;
  return length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= bits);
}
