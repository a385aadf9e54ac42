import { expect, it } from "vitest";
import { repositoryLabel } from "./repository-label.ts";

it.each([
  ["https://git.example.com/acme/fleet.git", "git.example.com/acme/fleet.git"],
  ["https://bot:hunter2@git.example.com:8443/acme/fleet.git", "git.example.com:8443/acme/fleet.git"],
  ["ssh://git@git.example.com/acme/fleet.git", "git.example.com/acme/fleet.git"],
  ["git@git.example.com:acme/fleet.git", "git.example.com/acme/fleet.git"],
  ["file:///srv/git/fleet.git", "/srv/git/fleet.git"],
  ["/srv/git/fleet.git", "/srv/git/fleet.git"],
])("a repository is called by host and path, and never by who logs in: %s", (url, label) => {
  expect(repositoryLabel({ mode: "push", repository: { url } } as Parameters<typeof repositoryLabel>[0])).toBe(label);
});
