import { afterAll, beforeAll, describe } from "vitest";
import { failingContract } from "./contract/failing.contract.ts";
import { listingContract } from "./contract/listing.contract.ts";
import type { Differences, OpenStore } from "./contract/open-store.contract.ts";
import { writingContract } from "./contract/writing.contract.ts";

/**
 * The one suite that every store keeps, drivers and wrappers alike.
 * @param open a fresh store for each of the three parts
 * @param differs what this store cannot do, each with its reason
 */
export function objectStoreContract(name: string, open: () => Promise<OpenStore>, differs: Differences = {}): void {
  describe(`${name} keeps the object store contract`, () => {
    for (const part of [listingContract, writingContract, failingContract]) {
      describe("", () => {
        const opened: OpenStore[] = [];
        beforeAll(async () => {
          opened.push(await open());
        });
        afterAll(async () => {
          for (const store of opened) await store.close();
        });
        part(() => {
          const store = opened[0];
          if (store === undefined) throw new Error("the store is not open");
          return store;
        }, differs);
      });
    }
  });
}
