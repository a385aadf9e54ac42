import { z } from "zod";
import { duration, emptySection, filePath, text, whole } from "./values.ts";

/** `kubernetes`: how the API server is reached and read. */
export const kubernetesSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        kubeconfig: filePath({
          description:
            "The kubeconfig file. Left out: `KUBECONFIG`, else `~/.kube/config`, else the service account of the Pod it runs in.",
        }).exactOptional(),
        context: text({
          description: "The context of the kubeconfig. Left out: its current context.",
        }).exactOptional(),
        pageSize: whole({ min: 1, max: 10_000 }, { description: "Objects asked for in one page of a list." }).prefault(
          500,
        ),
        concurrency: whole({ min: 1, max: 64 }, { description: "Types listed at the same time." }).prefault(4),
        requestTimeout: duration(
          { min: "1s", max: "1h" },
          { description: "How long the API server may stay silent: to the first byte of an answer, and between two." },
        ).prefault("60s"),
      })
      .transform(({ requestTimeout, ...rest }) => ({ ...rest, requestTimeoutMs: requestTimeout })),
  )
  .prefault({})
  .meta({ description: "How the API server is reached and read." });
