import { z } from "zod";
import { choice, emptySection, text } from "./values.ts";

/** `layout`: how keys in the bucket are built. */
export const layoutSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      preset: choice(["default", "clusterbackup", "domain-kind", "cluster"], {
        description:
          "`default`: `{domain}/{cluster}/` and below it `{namespace}/{resource}/{name}.yaml`. `clusterbackup`: `clusterbackup/{cluster}/`. `domain-kind`: singular kinds instead of plural resources. `cluster`: `{cluster}/`.",
      }).prefault("default"),
      root: text({
        description:
          "Root of a cluster, instead of the preset's: names and `{domain}`, `{cluster}` with `/` between. Must hold `{cluster}`.",
      }).exactOptional(),
      key: text({
        description:
          "Key of a mirror file below the root, instead of the preset's: `{namespace}`, `{resource}`, `{kind}` and `{name}` with `/` between, without its extension.",
      }).exactOptional(),
    }),
  )
  .prefault({})
  .meta({ description: "How keys in the bucket are built. Both stages must be told the same." });
