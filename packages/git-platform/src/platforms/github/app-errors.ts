import type { Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeRequest } from "../../http/forge-http.ts";

/** What GitHub means when an App asks for its installation or a token of it. */
export function explainApp({ status }: ForgeAnswer, request: ForgeRequest): Meaning | undefined {
  if (status === 401) {
    const problem = "the App is not accepted: another id, another key, or a clock that is wrong";
    return { kind: "denied", problem, next: "check repository.app.id and its private key, and this machine's clock" };
  }
  if (status === 403) {
    const problem = "the App's installation is suspended, or may not do this";
    return { kind: "denied", problem, next: "look at the installation in the settings of the organisation" };
  }
  if (status === 404) {
    const problem = "the App is not installed for the repository";
    return { kind: "not-found", problem, next: "install it there, or check repository.app.installationId" };
  }
  if (status === 422 && request.method === "POST") {
    const problem = "the App's installation does not include the repository";
    return { kind: "denied", problem, next: "add the repository to the installation" };
  }
  return undefined;
}
