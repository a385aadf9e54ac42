import { expect, it } from "vitest";
import { disarmQuickActions, rearmQuickActions } from "./quick-actions.ts";

it("a line that GitLab would obey becomes plain text, and reads back as it was", () => {
  const text = "Changes:\n/approve\n  /merge\n/label ~ops ~prod\r\n/Close\nsee /approve here\n";
  const safe = disarmQuickActions(text);
  expect(safe).toBe("Changes:\n\\/approve\n  \\/merge\n\\/label ~ops ~prod\r\n\\/Close\nsee /approve here\n");
  expect(rearmQuickActions(safe)).toBe(text);
});

it("paths and pointers at the beginning of a line stay as they are", () => {
  const text = "/spec/replicas\n/etc/kubeferry\n/var:\n- /merge\n/\n";
  expect(disarmQuickActions(text)).toBe(text);
});
