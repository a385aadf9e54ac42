import { z } from "zod";

const text = z.string().nullish();
const settings = z.record(z.string(), z.unknown()).nullish();

const Cluster = z.object({
  server: z.string(),
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": text,
  "proxy-url": text,
  "disable-compression": z.boolean().nullish(),
});

const User = z.object({
  token: text,
  tokenFile: text,
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  username: text,
  password: text,
  exec: settings,
  "auth-provider": settings,
  as: text,
  "as-uid": text,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
});

const Context = z.object({ cluster: z.string(), user: text, namespace: text });

function named<Value extends z.ZodType>(key: string, value: Value) {
  return z
    .array(z.object({ name: z.string(), [key]: value.nullish() }))
    .nullish()
    .transform(
      (entries) => new Map((entries ?? []).map((entry) => [entry.name as string, entry[key] as z.infer<Value>])),
    );
}

/** The fields of a kubeconfig that are read; entries by name. */
export const KubeconfigFile = z.object({
  "current-context": text,
  clusters: named("cluster", Cluster),
  contexts: named("context", Context),
  users: named("user", User),
});

/** One kubeconfig file, parsed. */
export type KubeconfigFile = z.infer<typeof KubeconfigFile>;
/** A `cluster` entry. */
export type ClusterEntry = z.infer<typeof Cluster>;
/** A `user` entry. */
export type UserEntry = z.infer<typeof User>;
