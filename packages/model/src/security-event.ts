/**
 * Every kind of security event: a line of the log with `operation: "security_event"` and `event: <kind>`, counted as
 * `kubeferry_security_events_total{kind}`. Alerts name them: they are added to, and not renamed.
 */
export const SECURITY_EVENTS = {
  "call-refused": "A backup-complete call was refused: unsigned, forged, replayed, late, too large or too many.",
  "client-refused": "A connection to the webhook had no client certificate that is accepted.",
  "signature-refused": "A manifest is not signed as it must be, or by a stranger.",
  "digest-mismatch": "Bytes in the store are not what the manifest says.",
  "path-escape": "A name that came from a cluster, a bucket or a repository would have left its folder.",
  "secret-blocked": "A credential was kept out of Git.",
  "api-denied": "The API server refused a request (401, 403).",
  "store-denied": "The store refused a request.",
  "lease-conflict": "Another writer held, or took over, the series.",
} as const satisfies Readonly<Record<string, string>>;

/** What a security event is about. */
export type SecurityEvent = keyof typeof SECURITY_EVENTS;
