/**
 * Stands in manifests and in the mirror's fingerprint: another one means that views are written differently, and the
 * mirror is rewritten whole. A digest (12 hex digits) of what rules and emitter make of a fixed set of objects; a test
 * names the new one when it no longer fits.
 */
export const rulesVersion = "153af01ead29";
