import { KubeferryError } from "@kubeferry/model";

/**
 * Why a value cannot be cleaned, withheld, written or read:
 * "invalid": no JSON value the API server could have sent; "unreadable": text that is no such YAML; "settings": rules
 * that cannot be used.
 */
export type CleanErrorKind = "invalid" | "settings" | "unreadable";

/** The one error class of this package. Messages name places, never values: they may be secret. */
export class CleanError extends KubeferryError<CleanErrorKind> {}
