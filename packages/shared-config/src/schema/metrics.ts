import { z } from "zod";
import { emptySection, flag, secret, text, textLike, whole } from "./values.ts";

const pushSection = z
  .strictObject({
    url: textLike(/^https?:\/\/[^\s@]+$/, 'a URL such as "http://pushgateway:9091"', {
      description: "Address of a Pushgateway, without its `/metrics/job/…`.",
    }),
    job: text({ description: "Its `job` label." }).prefault("kubeferry"),
    username: text({ description: "For basic authentication." }).exactOptional(),
    password: secret({ description: "For basic authentication." }).exactOptional(),
  })
  .meta({ description: "Where metrics are pushed at the end of a run. Left out: nowhere." });

/** `metrics`: what Prometheus can read. */
export const metricsSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      enabled: flag({ description: "Whether metrics are served while a command runs." }).prefault(true),
      host: text({
        description: "Address to listen on. Left out: every address in a Pod, `127.0.0.1` elsewhere.",
      }).exactOptional(),
      port: whole({ min: 0, max: 65_535 }, { description: "Port to listen on; 0 takes any." }).prefault(8080),
      path: textLike(/^\/[A-Za-z0-9/_.-]*$/, 'a path such as "/metrics"', {
        description: "Path they are served at.",
      }).prefault("/metrics"),
      push: pushSection.exactOptional(),
      partialIsSuccess: flag({
        description: "Whether a partial run moves the time of the last successful backup.",
      }).prefault(false),
    }),
  )
  .prefault({})
  .meta({ description: "Metrics for Prometheus." });
