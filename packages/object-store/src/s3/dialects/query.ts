/** A query as signatures want it: sorted by name, and all but A-Z a-z 0-9 - _ . ~ encoded. */
export function queryText(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${percentEncode(value)}`)
    .sort()
    .join("&");
}

/** As signatures want it: all but A-Z a-z 0-9 - _ . ~ is encoded. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
