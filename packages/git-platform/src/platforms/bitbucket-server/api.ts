import type { Call } from "@kubeferry/model";
import { answerError, type Explain } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeHttp, ForgeRequest } from "../../http/forge-http.ts";
import type { PlatformError } from "../../platform-error.ts";

/** Who speaks in errors. */
export const WHO = "bitbucket-server";

/** A server's API, and what its errors mean with this kind of credential. */
export interface ServerApi {
  readonly http: ForgeHttp;
  readonly explain: Explain;
}

/** Asks where the answer itself is needed, be it an error or not: for its headers, or for what an error names. */
export async function ask(
  { http, explain }: ServerApi,
  request: ForgeRequest,
  call: Call,
): Promise<{ readonly answer: ForgeAnswer; readonly error: PlatformError | undefined }> {
  const answer = await http.send(request, call);
  return { answer, error: answerError(WHO, request, answer, explain) };
}
