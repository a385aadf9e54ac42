/**
 * Stands in manifests and in the mirror's fingerprint: another one means that views are written differently and the
 * mirror is rewritten whole. The part behind the dash is a digest of what rules and emitter make of a fixed set of
 * objects; a test says the new one when it no longer fits.
 */
export const rulesVersion = "1-000000000000";
