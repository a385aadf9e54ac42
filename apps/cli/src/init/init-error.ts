import { KubeferryError } from "@kubeferry/model";

/** "exists": a file that would be written is there already; "stopped": the questions were left unanswered. */
export class InitError extends KubeferryError<"exists" | "stopped"> {}
