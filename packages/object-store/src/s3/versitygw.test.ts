import { missingServers, servers } from "@kubeferry/testbed";
import { describe } from "vitest";
import { objectStoreContract } from "../store.contract.ts";
import { faultsContract } from "./faults.contract.ts";
import { s3Contract } from "./s3.contract.ts";
import { openS3 } from "./testing/open-s3.ts";

describe.skipIf(missingServers("versitygw"))("versitygw", () => {
  objectStoreContract("s3 on versitygw", async () => openS3(await servers.versitygw()), {
    listedControlCharacters: "versitygw ignores encoding-type=url, and XML cannot carry these characters",
  });
  s3Contract("s3 on versitygw", () => servers.versitygw());
  faultsContract("s3 on versitygw", () => servers.versitygw());
});
