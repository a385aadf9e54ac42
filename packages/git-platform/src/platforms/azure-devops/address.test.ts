import { describe, expect, it } from "vitest";
import { parseAzureUrl } from "./address.ts";

const SERVICES = "https://dev.azure.com/contoso";
const OLD = "https://contoso.visualstudio.com";

describe("the address of a repository on Azure DevOps", () => {
  it.each([
    ["https://dev.azure.com/contoso/shop/_git/fleet", SERVICES, "shop"],
    ["https://dev.azure.com/contoso/Shop%20Platform/_git/fleet", SERVICES, "Shop Platform"],
    ["https://dev.azure.com/contoso/_git/fleet", SERVICES, "fleet"],
    ["https://contoso.visualstudio.com/shop/_git/fleet", OLD, "shop"],
    ["https://contoso.visualstudio.com/_git/fleet", OLD, "fleet"],
    ["https://contoso.visualstudio.com/DefaultCollection/shop/_git/fleet", `${OLD}/DefaultCollection`, "shop"],
    ["https://contoso.visualstudio.com/DefaultCollection/_git/fleet", `${OLD}/DefaultCollection`, "fleet"],
    ["git@ssh.dev.azure.com:v3/contoso/shop/fleet", SERVICES, "shop"],
    ["ssh://git@ssh.dev.azure.com/v3/contoso/Shop%20Platform/fleet", SERVICES, "Shop Platform"],
    ["contoso@vs-ssh.visualstudio.com:v3/contoso/shop/fleet", OLD, "shop"],
    ["https://tfs.example.com/tfs/Main/Shop/_git/fleet", "https://tfs.example.com/tfs/Main", "Shop"],
    ["https://tfs.example.com/tfs/Main/_git/fleet", "https://tfs.example.com/tfs/Main", "fleet"],
    ["http://tfs.example.com:8080/Main/Shop/_git/fleet", "http://tfs.example.com:8080/Main", "Shop"],
    ["ssh://tfs.example.com:22/tfs/Main/Shop/_ssh/fleet", "https://tfs.example.com/tfs/Main", "Shop"],
  ])("%s leads to %s, project %s", (url, apiUrl, owner) => {
    expect(parseAzureUrl(url)).toEqual({ apiUrl, owner, name: "fleet" });
  });

  it("keeps .git where it belongs to the name", () => {
    expect(parseAzureUrl("https://dev.azure.com/contoso/shop/_git/fleet.git").name).toBe("fleet.git");
  });

  it.each([
    "https://dev.azure.com/contoso/shop",
    "https://dev.azure.com/contoso/shop/_git/fleet/pullrequest/1",
    "git@ssh.dev.azure.com:contoso/shop/fleet",
  ])("%s is refused", (url) => {
    expect(() => parseAzureUrl(url)).toThrow(/azure-devops: read repository\.url: invalid: it is no address/);
  });
});
