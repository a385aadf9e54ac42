import { Secret } from "@kubeferry/model";
import { type ObjectStore, openStore } from "@kubeferry/object-store";
import type { TestStore } from "./workspace.ts";

/** Opens a test's store past the command line, to look at what really lies in it. */
export function openTestStore({ section, env }: TestStore): Promise<ObjectStore> {
  if (section.type === "folder") return openStore({ type: "folder", path: String(section.path), prefix: "" });
  return openStore({
    type: "s3",
    endpoint: String(section.endpoint),
    useSsl: false,
    bucket: String(section.bucket),
    prefix: "",
    region: String(section.region),
    accessKey: new Secret(env.MINIO_ACCESS_KEY ?? ""),
    secretKey: new Secret(env.MINIO_SECRET_KEY ?? ""),
    autoCreateBucket: false,
    retry: { attempts: 2, delayMs: 50 },
  });
}
