import { z } from "zod";
import { emptySection, filePath, secret, textList } from "./values.ts";

/** `network`: how servers outside of the cluster are reached. The API server's own proxy and authority stand in the kubeconfig. */
export const networkSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      caFile: filePath({
        description:
          "A PEM file of authorities to trust, beside those that are trusted anyway. There is no way to trust everybody.",
      }).exactOptional(),
      proxy: secret({
        description:
          "The proxy to go through: `http://proxy.example.com:3128`, with `user:password@` where it asks for them. Left out: `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of the environment.",
      }).exactOptional(),
      noProxy: textList({
        description: "Hosts that are reached past `proxy`: `minio.backup.svc`, `.example.com`, `10.0.0.5`.",
      }),
    }),
  )
  .prefault({})
  .meta({ description: "How the store is reached." });
