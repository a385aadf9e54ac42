import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { azureDevOpsDriver } from "./azure-devops.ts";
import { apiHeaders, gitLoginWith } from "./credentials.ts";

const at = { apiUrl: "https://dev.azure.com/contoso", repo: { owner: "shop", name: "fleet" } };
const PAT = new Secret("pat");
const ENTRA = new Secret(["eyJ0", "eyJh", "c2ln"].join("."));

describe("a credential for Azure DevOps", () => {
  it("that is a personal access token is the password of nobody, for the API and for git", () => {
    expect(apiHeaders({ ...at, token: PAT })).toEqual({ authorization: "Basic OnBhdA==" });
    expect(gitLoginWith({ ...at, token: PAT })).toEqual({ scheme: "basic", username: "", token: PAT });
  });

  it("that is a Microsoft Entra token goes out as Bearer, to both", () => {
    expect(apiHeaders({ ...at, token: ENTRA })).toEqual({ authorization: "Bearer eyJ0.eyJh.c2ln" });
    expect(gitLoginWith({ ...at, token: ENTRA })).toEqual({ scheme: "bearer", token: ENTRA });
  });

  it("with a user is that user's password, as servers of one's own take it", () => {
    expect(apiHeaders({ ...at, token: PAT, username: "ada" })).toEqual({ authorization: "Basic YWRhOnBhdA==" });
    expect(gitLoginWith({ ...at, token: PAT, username: "ada" })).toMatchObject({ username: "ada" });
  });

  it("is not needed for what is public", () => {
    expect(apiHeaders(at)).toEqual({});
    expect(gitLoginWith(at)).toBeUndefined();
  });

  it("that is a GitHub App is refused with the tokens that are taken", () => {
    const create = () => azureDevOpsDriver.create({ ...at, app: { id: "1", privateKey: new Secret("s3cret") } });
    expect(create).toThrow(/Azure DevOps has no Apps as GitHub has; set repository\.token to a personal access token/);
    expect(create).not.toThrow(/s3cret/);
  });
});
