import { KubeferryError } from "@kubeferry/model";

/** "unknown-channel": there is none to test. */
export class NotifyTestError extends KubeferryError<"unknown-channel"> {}
