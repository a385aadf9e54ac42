import type { Call } from "@kubeferry/model";
import { answerError, type Explain } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeHttp, ForgeRequest } from "../../http/forge-http.ts";
import type { PlatformError } from "../../platform-error.ts";
import { exceptionsOf } from "./errors.ts";

/** Who speaks in errors. */
export const WHO = "bitbucket-server";

/** A server's API, and what its errors mean with this kind of credential. */
export interface ServerApi {
  readonly http: ForgeHttp;
  readonly explain: Explain;
}

/** An answer, and the error that it stands for. */
interface Asked {
  readonly answer: ForgeAnswer;
  readonly error: PlatformError | undefined;
}

/** Asks where the answer itself is needed, be it an error or not: for its headers, or for what an error names. */
export async function ask({ http, explain }: ServerApi, request: ForgeRequest, call: Call): Promise<Asked> {
  const answer = await http.send(request, call);
  return { answer, error: answerError(WHO, request, answer, explain) };
}

/** Whether a change was refused because somebody else made one since it was read. */
export function isOutOfDate(answer: ForgeAnswer): boolean {
  return exceptionsOf(answer).some((name) => name.endsWith("OutOfDateException"));
}

/** Reads and changes; when somebody else was faster, once more. */
export async function unlessOutOfDate(readAndChange: () => Promise<Asked>): Promise<void> {
  const first = await readAndChange();
  const { error } = isOutOfDate(first.answer) ? await readAndChange() : first;
  if (error !== undefined) throw error;
}
