import { z } from "zod";
import { images, patches } from "./overrides.ts";
import { choice, duration, emptySection, textLike, whole } from "./values.ts";

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NAMESPACE_EXPECTED = "the name of a namespace: up to 63 lower-case letters, digits and '-'";
const CLASS = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const CLASS_EXPECTED = "the name of a storage class";

const namespaces = z
  .record(
    z.string().regex(NAMESPACE, `expected ${NAMESPACE_EXPECTED}`),
    textLike(NAMESPACE, NAMESPACE_EXPECTED, { description: "The namespace it becomes." }),
  )
  .prefault({})
  .meta({
    description:
      "Namespaces that get another name: `{ shop: shop-restored }`. Written out wherever an object names one: its own metadata, subjects of bindings, selectors of NetworkPolicies, services of webhooks and API services, claims of volumes.",
  });

const storageClasses = z
  .record(
    z.string().regex(CLASS, `expected ${CLASS_EXPECTED}`),
    textLike(CLASS, CLASS_EXPECTED, { description: "The class it becomes." }),
  )
  .prefault({})
  .meta({ description: "Storage classes that are called differently in the target: `{ gp2: fast }`." });

const maxRemovals = z
  .preprocess(
    emptySection,
    z.strictObject({
      objects: whole({ min: 0, max: 1_000_000 }, { description: "Objects a restore may remove." }).prefault(10),
      percent: whole(
        { min: 0, max: 100 },
        { description: "Share of the objects it looked at that a restore may remove." },
      ).prefault(5),
    }),
  )
  .prefault({})
  .meta({ description: "A restore with `--prune` that would remove more than either is refused as a whole." });

/** `recovery.restore`: how objects are brought back. */
export const restoreSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        conflicts: choice(["skip", "update", "replace", "fail"], {
          description:
            "What becomes of an object that is there and differs. `skip`: it stays as it is. `update`: the fields of the snapshot are applied, others stay. `replace`: it becomes what the snapshot holds, and other fields go. `fail`: nothing at all is written as long as there is one.",
        }).prefault("skip"),
        argoManaged: choice(["block", "allow"], {
          description:
            "What becomes of objects that Argo CD manages in the target and that would change. `block`: they stay, and the plan says so, because Argo CD would write them back. `allow`: they are changed.",
        }).prefault("block"),
        concurrency: whole({ min: 1, max: 64 }, { description: "Objects written at the same time." }).prefault(16),
        waitTimeout: duration(
          { min: "1s", max: "1h" },
          {
            description:
              "How long to wait for one thing that others need: a CRD to be established, a namespace that is being removed to be gone, an owner to be there.",
          },
        ).prefault("2m"),
        namespaces,
        storageClasses,
        images: images.prefault([]),
        patches: patches.prefault([]),
        maxRemovals,
      })
      .transform(({ waitTimeout, ...rest }) => ({ ...rest, waitTimeoutMs: waitTimeout })),
  )
  .prefault({})
  .meta({ description: "How objects are brought back." });
