import { KubeferryError } from "@kubeferry/model";

/** "no-policy": no policy can say what is asked for. */
export class PolicyError extends KubeferryError<"no-policy"> {}
