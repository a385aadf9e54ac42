import { z } from "zod";
import {
  asPartial,
  choice,
  EVEN_WHEN_INVALID,
  emptySection,
  filePath,
  text,
  textLike,
  textList,
  whole,
} from "./values.ts";

/** `gitops.source`: what stage 2 reads. */
export const sourceSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        type: choice(["snapshot", "tree"], {
          description:
            "`snapshot`: what `kubeferry backup` made. `tree`: YAML or JSON files that any tool wrote, in the store or in a folder; it proves nothing gone (docs/sources-and-layouts.md).",
        }).prefault("snapshot"),
        onPartial: choice(["use", "wait", "fail"], {
          description:
            "What a snapshot with gaps does. `use`: it is read, and what it lacks stays in Git as it is. `wait`: the run ends and nothing changes. `fail`: the run ends with an error.",
        }).prefault("use"),
        prefix: text({
          description:
            "With `tree`: where in the store the files of each cluster lie; `{domain}` and `{cluster}` are the cluster's. Left out: the cluster's root.",
        }).exactOptional(),
        path: filePath({
          description:
            "With `tree`: a folder on this machine, instead of the store; `{domain}` and `{cluster}` are the cluster's.",
        }).exactOptional(),
      })
      .superRefine((value, context) => {
        const { type, prefix, path } = asPartial(value);
        if (String(type).toLowerCase() !== "tree") {
          for (const [key, given] of Object.entries({ prefix, path })) {
            if (given === undefined) continue;
            context.addIssue({
              code: "custom",
              path: [key],
              message: "does nothing without type: tree; drop one of them",
            });
          }
        } else if (prefix !== undefined && path !== undefined) {
          context.addIssue({ code: "custom", path: ["prefix"], message: "expected either prefix or path" });
        }
      }, EVEN_WHEN_INVALID),
  )
  .prefault({})
  .meta({ description: "What is read." });

const externalSecret = z
  .preprocess(
    emptySection,
    z.strictObject({
      store: text({ description: "Name of the SecretStore or ClusterSecretStore." }),
      storeKind: choice(["clustersecretstore", "secretstore"], {
        description: "`ClusterSecretStore` or `SecretStore`.",
      }).prefault("clustersecretstore"),
      key: text({
        description:
          "Key of a Secret in that store; `{cluster}`, `{domain}`, `{namespace}`, `{environment}` and `{name}` are the Secret's.",
      }).prefault("{namespace}/{name}"),
      refreshInterval: textLike(/^\d+(s|m|h)$/, 'a duration such as "1h"', {
        description: "How often External Secrets looks again.",
      }).prefault("1h"),
    }),
  )
  .meta({ description: "With `mode: external-secret`: where External Secrets finds the values." });

const sops = z
  .preprocess(
    emptySection,
    z.strictObject({
      recipients: textList({ description: "Whom the values are encrypted to: age recipients, `age1…`." }).refine(
        (all) => all.every((each) => each.startsWith("age1")),
        "expected age recipients, which begin with age1",
      ),
    }),
  )
  .meta({ description: "With `mode: sops`: who can read the files." });

const sealedSecret = z
  .preprocess(
    emptySection,
    z.strictObject({
      certificateFile: filePath({
        description: "PEM file with the public certificate of the Sealed Secrets controller (`kubeseal --fetch-cert`).",
      }),
    }),
  )
  .meta({ description: "With `mode: sealed-secret`: whom the values are sealed to." });

/** `gitops.secrets`: what of Secrets is in Git. */
export const secretsSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        mode: choice(["omit", "external-secret", "sops", "sealed-secret"], {
          description:
            "What Git holds of a Secret; never its values in clear text. `omit`: its name, in `secrets.todo.md`. `external-secret`: an ExternalSecret that names where the values are. `sops`: a file that sops decrypts. `sealed-secret`: a SealedSecret.",
        }).prefault("omit"),
        externalSecret: externalSecret.exactOptional(),
        sops: sops.exactOptional(),
        sealedSecret: sealedSecret.exactOptional(),
      })
      .superRefine((value, context) => {
        const { mode, ...sections } = asPartial(value);
        const needed: Readonly<Record<string, string>> = {
          "external-secret": "externalSecret",
          sops: "sops",
          "sealed-secret": "sealedSecret",
        };
        const key = needed[String(mode).toLowerCase()];
        if (key !== undefined && sections[key] === undefined) {
          context.addIssue({ code: "custom", path: [key], message: `missing: mode ${String(mode)} needs it` });
        }
        for (const other of Object.values(needed)) {
          if (other === key || sections[other] === undefined) continue;
          context.addIssue({
            code: "custom",
            path: [other],
            message: `does nothing with mode ${String(mode)}; drop one of them`,
          });
        }
      }, EVEN_WHEN_INVALID),
  )
  .prefault({})
  .meta({ description: "What of Secrets is in Git." });

/** `gitops.scan`: what looks like a credential anywhere else. */
export const scanSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      allow: z
        .array(
          z.strictObject({
            object: textLike(/^\S+ \S+$/, 'a kind and a name, such as "ConfigMap shop/settings"; globs are taken', {
              description: "Objects, as reports name them: `ConfigMap shop/settings`, `* shop/*`.",
            }),
            field: textLike(/^(\/([^~/]|~[01])*)+$/, 'a JSON pointer such as "/data/token"', {
              description: "The field; left out, all of the object. `*` is any one key.",
            }).exactOptional(),
            reason: text({ description: "Why that is no secret. Stands in the request." }),
          }),
          "expected a list of sections",
        )
        .prefault([])
        .meta({ description: "What may be in Git although it looks like a credential." }),
    }),
  )
  .prefault({})
  .meta({
    description:
      "Everything but Secrets is looked through for credentials; an object with one stays out of Git and is listed.",
  });

/** `gitops.limits`: what a folder may hold. */
export const folderLimits = z
  .preprocess(
    emptySection,
    z.strictObject({
      maxObjects: whole(
        { min: 1, max: 1_000_000 },
        {
          description:
            "Objects of one overlay; a folder with more is left as it is. kustomize takes 22 s for 5,000, and Argo CD gives up after 90 s.",
        },
      ).prefault(5000),
    }),
  )
  .prefault({})
  .meta({ description: "What one folder may hold." });
