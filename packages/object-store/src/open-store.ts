import type { FolderStoreOptions } from "./folder/folder.ts";
import type { S3StoreOptions } from "./s3/options.ts";
import { StorageError } from "./storage-error.ts";
import type { ObjectStore } from "./store.ts";
import { prefixed } from "./wrappers/prefixed.ts";

/** A folder as the configuration's `store` section names it. */
export interface FolderSection {
  readonly type: "folder";
  readonly path: FolderStoreOptions["path"];
  /** Whether `prepare` makes the folder. True unless said: a path is written by hand, unlike a bucket it is nobody else's. */
  readonly autoCreateBucket?: boolean;
}

/** The configuration's `store` section: where the store is, and below which prefix ours begins. */
export type StoreOptions = (({ readonly type: "s3" } & S3StoreOptions) | FolderSection) & {
  /** "" or undefined for the whole store: "prod", "prod/". */
  readonly prefix?: string;
};

/** Opens one kind of store. */
type Driver<Type extends StoreOptions["type"]> = (
  options: Extract<StoreOptions, { type: Type }>,
) => Promise<ObjectStore>;

/** Each driver is loaded when it is asked for: the S3 client alone takes 40 MiB. */
const drivers: { readonly [Type in StoreOptions["type"]]: Driver<Type> } = {
  s3: async (options) => (await import("./s3/s3.ts")).createS3Store(options),
  folder: async ({ path, autoCreateBucket }) =>
    (await import("./folder/folder.ts")).createFolderStore({ path, autoCreate: autoCreateBucket ?? true }),
};

/**
 * Opens the store that the configuration names; nothing is sent or read yet, `prepare` does that.
 * @throws StorageError "invalid" for an unknown type, an endpoint, a bucket's name or a prefix that cannot be
 */
export async function openStore(options: StoreOptions): Promise<ObjectStore> {
  const store = await openDriver(options);
  const prefix = options.prefix ?? "";
  return prefixed(store, prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`);
}

function openDriver(options: StoreOptions): Promise<ObjectStore> {
  switch (options.type) {
    case "s3":
      return drivers.s3(options);
    case "folder":
      return drivers.folder(options);
    default:
      return unknownType(options);
  }
}

function unknownType(options: never): never {
  const { type } = options as { readonly type: unknown };
  throw new StorageError({
    kind: "invalid",
    who: "store",
    operation: `open a store of type "${String(type)}"`,
    problem: `there are stores of type ${Object.keys(drivers).join(" and ")}`,
    next: "check store.type",
  });
}
