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
