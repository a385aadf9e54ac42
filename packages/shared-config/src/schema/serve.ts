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
      interval: duration(
        { min: "10s", max: "7d" },
        { description: "How often it looks for new snapshots without being called: what a lost call costs at most." },
      ).prefault("15m"),
    }),
  )
  .prefault({})
  .meta({ description: "`kubeferry gitops serve`: runs stage 2 when a backup says that it is complete." });
