export { createFolderStore, type FolderStoreOptions } from "./folder/folder.ts";
export { type FolderSection, openStore, type StoreOptions } from "./open-store.ts";
export type { RetryOptions, S3StoreOptions } from "./s3/options.ts";
export { StorageError, type StorageErrorKind } from "./storage-error.ts";
export type {
  ListEntry,
  ListOptions,
  ObjectInfo,
  ObjectReader,
  ObjectStore,
  ObjectWriter,
  PutCondition,
  PutOptions,
  StoredObject,
} from "./store.ts";
export { observed, type StoreEvent, type StoreHook } from "./wrappers/observed.ts";
export { prefixed } from "./wrappers/prefixed.ts";
