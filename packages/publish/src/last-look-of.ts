import type { LastLook } from "@kubeferry/layout";
import type { Delivery } from "./deliver.ts";

/** What is looked for in bytes before they are committed. */
export function lastLookOf({ scanner, generation }: Pick<Delivery, "scanner" | "generation">): LastLook {
  return {
    holdsSecret: (text) => generation.secretValues.isIn(text),
    allowsCredential: (object) => scanner.knows(object),
  };
}
