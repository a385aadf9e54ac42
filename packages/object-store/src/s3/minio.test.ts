import { missingServers, servers } from "@kubeferry/testbed";
import { describe } from "vitest";
import { objectStoreContract } from "../store.contract.ts";
import { faultsContract } from "./faults.contract.ts";
import { s3Contract } from "./s3.contract.ts";
import { openS3 } from "./testing/open-s3.ts";

describe.skipIf(missingServers("minio"))("MinIO", () => {
  objectStoreContract("s3 on MinIO", async () => openS3(await servers.minio()), {
    keyBelowKey: "MinIO keeps an object and keys below it side by side, as AWS does",
  });
  s3Contract("s3 on MinIO", () => servers.minio());
  faultsContract("s3 on MinIO", () => servers.minio());
});
