import { z } from "zod";
import {
  asPartial,
  choice,
  duration,
  EVEN_WHEN_INVALID,
  emptySection,
  filePath,
  text,
  textLike,
  whole,
} from "./values.ts";

const DNS_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const DNS_EXPECTED = "the name of a Kubernetes object";

const tls = z
  .preprocess(
    emptySection,
    z.strictObject({
      caFile: filePath({
        description: "Authorities the receiver's certificate is checked against, beside `network.caFile`.",
      }).exactOptional(),
      certFile: filePath({ description: "Client certificate, where the receiver asks for one." }).exactOptional(),
      keyFile: filePath({ description: "Its key." }).exactOptional(),
    }),
  )
  .prefault({})
  .meta({ description: "TLS of the call." });

const cronJob = z
  .strictObject({
    name: textLike(DNS_NAME, DNS_EXPECTED, { description: "Name of the CronJob of stage 2." }),
    namespace: textLike(DNS_NAME, DNS_EXPECTED, {
      description: "Its namespace. Left out: that of the Pod, or of the kubeconfig's context.",
    }).exactOptional(),
    kubeconfig: filePath({
      description: "The cluster stage 2 runs in. Left out: the one this process runs in, else that of `kubernetes`.",
    }).exactOptional(),
    context: text({ description: "The context of that kubeconfig." }).exactOptional(),
  })
  .meta({ description: "With `via: job`: the CronJob that a Job is made from, as `kubectl create job --from` does." });

/** `announce`: how stage 2 learns of a new snapshot. Whatever it is, it fails no backup. */
export const announceSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      via: choice(["none", "webhook", "job", "in-process"], {
        description:
          "`none`: stage 2 has a schedule of its own. `webhook`: a signed call to `kubeferry gitops serve`. `job`: a Job is made from the CronJob of stage 2. `in-process`: `kubeferry backup` runs stage 2 itself once its snapshot is committed.",
      }).prefault("none"),
      url: textLike(/^https?:\/\/[^\s@]+$/, 'a URL such as "https://kubeferry.ops.svc:8443/v1/backup-complete"', {
        description: "With `via: webhook`: where the call goes.",
      }).exactOptional(),
      tls,
      timeout: duration({ min: "100ms", max: "5m" }, { description: "How long one try may take." }).prefault("10s"),
      attempts: whole({ min: 1, max: 20 }, { description: "How often it is tried in all." }).prefault(4),
      cronJob: cronJob.exactOptional(),
    }),
  )
  .superRefine((value, context) => {
    const { via, url, cronJob: from, tls: files } = asPartial(value);
    const { certFile, keyFile } = asPartial(files);
    if (via === "webhook" && url === undefined)
      context.addIssue({ code: "custom", path: ["url"], message: "missing: via webhook calls it" });
    if (via === "job" && from === undefined)
      context.addIssue({ code: "custom", path: ["cronJob"], message: "missing: via job makes a Job from it" });
    if ((certFile === undefined) !== (keyFile === undefined))
      context.addIssue({ code: "custom", path: ["tls"], message: "expected certFile and keyFile together" });
  }, EVEN_WHEN_INVALID)
  .prefault({})
  .meta({ description: "What stage 1 does after its commit so that stage 2 follows." });
