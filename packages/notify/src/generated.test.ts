import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Message, notificationJsonSchema } from "./message.ts";
import { failed } from "./testing/surroundings.ts";

it("the published schema of notifications is fresh: npm run docs makes it again", () => {
  const file = new URL("../../../docs/reference/notification.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(notificationJsonSchema());
  expect(Message.parse(failed)).toEqual(failed);
});
