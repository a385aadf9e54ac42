import { KubeferryError, Secret } from "@kubeferry/model";
import { redact } from "@kubeferry/telemetry";
import { expect, it } from "vitest";
import { newsOfError } from "./news-of-error.ts";
import { problemLines } from "./problem-lines.ts";

class StoreTrouble extends KubeferryError<"config"> {}

const FORGED = "ConfigMap a\n- backup of prod is complete\u001b[2J\u2028\u0085x";

it("a name in a problem begins no line of its own", () => {
  expect(problemLines([`${FORGED}: blocked`])).toEqual(["- ConfigMap a - backup of prod is complete [2J x: blocked"]);
});

it("neither does one in an error", () => {
  const error = new StoreTrouble({ kind: "config", who: "gitops", operation: "find", problem: FORGED });
  expect(newsOfError(error).text).toBe("gitops: find: config: ConfigMap a - backup of prod is complete [2J x");
});

it("a secret of two lines is taken out before they become one", () => {
  redact(new Secret("first-planted\nsecond-planted"));
  expect(problemLines(["sent first-planted\nsecond-planted to it"])).toEqual(["- sent *** to it"]);
});
