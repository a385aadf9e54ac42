import type { BigIntStats } from "node:fs";
import type { ObjectInfo } from "../store.ts";
import { invalid } from "./place.ts";

/**
 * Files are never changed in place, every put brings a new one, and its modification time is later than that of the
 * file it replaces: inode, time and size together name one version of one key.
 */
export function etagOf(stats: BigIntStats): string {
  return `${stats.ino.toString(36)}-${stats.mtimeNs.toString(36)}-${stats.size.toString(36)}`;
}

/** @throws StorageError "invalid" for a symbolic link */
export function infoOf(key: string, stats: BigIntStats, operation: string): ObjectInfo {
  if (stats.isSymbolicLink()) {
    throw invalid(operation, `${key} is a symbolic link, and a store holds real files and folders only`);
  }
  return { key, sizeBytes: Number(stats.size), etag: etagOf(stats), modifiedAt: new Date(Number(stats.mtimeMs)) };
}
