import { readFileSync } from "node:fs";

/** The version of the package this runs from, "0.1.0". */
export function toolVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const version = (manifest as { version?: unknown }).version;
  return typeof version === "string" ? version : "unknown";
}
