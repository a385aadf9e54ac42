import { KubeferryError } from "@kubeferry/model";

/** "unknown-cluster": it cannot be told which cluster is meant. */
export class ClusterChoiceError extends KubeferryError<"unknown-cluster"> {}
