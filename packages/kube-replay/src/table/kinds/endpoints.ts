import type { JsonObject } from "@kubeferry/model";
import { ageColumn, nameColumn, type PrintedKind, textColumn } from "../columns.ts";
import { integer, objects, text, texts, valueAt } from "../fields.ts";
import { firstThree } from "../first-three.ts";

/** Where Services lead. */
export const endpoints: Readonly<Record<string, PrintedKind>> = {
  "/Endpoints": { columns: [nameColumn, textColumn("Endpoints", endpointsText), ageColumn] },
  "discovery.k8s.io/EndpointSlice": {
    columns: [
      nameColumn,
      textColumn("AddressType", (slice) => text(slice, "addressType")),
      textColumn("Ports", (slice) => firstThree(objects(slice, "ports").map(slicePort)) || "<unset>"),
      textColumn(
        "Endpoints",
        (slice) => firstThree(objects(slice, "endpoints").flatMap((each) => texts(each, "addresses"))) || "<unset>",
      ),
      ageColumn,
    ],
  },
};

function endpointsText(object: JsonObject): string {
  const subsets = objects(object, "subsets");
  return subsets.length === 0 ? "<none>" : firstThree(subsets.flatMap(subsetAddresses));
}

function subsetAddresses(subset: JsonObject): string[] {
  const addresses = objects(subset, "addresses").map((address) => text(address, "ip"));
  const ports = objects(subset, "ports");
  // A headless Service need not have a port.
  if (ports.length === 0) return addresses;
  return ports.flatMap((port) => addresses.map((address) => `${hostText(address)}:${integer(port, "port")}`));
}

function hostText(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function slicePort(port: JsonObject): string {
  const number = valueAt(port, "port");
  if (typeof number === "number") return String(number);
  const name = valueAt(port, "name");
  return typeof name === "string" ? name : "*";
}
