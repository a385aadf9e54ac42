import { Buffer } from "node:buffer";
import { compareUtf8 } from "@kubeferry/model";

/** What canonical JSON can hold here; fields that are undefined are left out. */
type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value | undefined };

/** JSON with sorted keys and no white space, ending in a line feed: equal values give equal bytes. */
export function canonicalJson(value: unknown): Buffer {
  return Buffer.from(`${write(value as Value)}\n`, "utf8");
}

function write(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members: string[] = [];
  for (const [key, member] of Object.entries(value).sort(([left], [right]) => compareUtf8(left, right))) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${write(member as Value)}`);
  }
  return `{${members.join(",")}}`;
}
