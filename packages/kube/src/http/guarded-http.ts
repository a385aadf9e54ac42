import type { ListTurn, ListTurns } from "../list/list-turns.ts";
import type { Breaker } from "./circuit-breaker.ts";
import type { AnswerBody, KubeHttp } from "./kube-http.ts";

/** What stands between callers and one server. */
export interface Guards {
  readonly breaker: Breaker;
  readonly turns: ListTurns;
}

/** A transport that stops asking a server that is gone, and reads no more lists at once than it can take. */
export function guardedHttp(http: KubeHttp, { breaker, turns }: Guards): KubeHttp {
  return {
    async open(request, call) {
      const send = () => breaker.run(request.operation, () => http.open(request, call), call);
      if (request.list !== true) return send();
      const turn = await turns.take(call);
      try {
        const answer = await send();
        return { ...answer, body: untilRead(answer.body, turn) };
      } catch (error) {
        turn.end(error);
        throw error;
      }
    },
    close: () => http.close(),
  };
}

/** A list is at work for as long as its page is read. */
async function* untilRead(body: AnswerBody, turn: ListTurn): AnswerBody {
  try {
    yield* body;
  } catch (error) {
    turn.end(error);
    throw error;
  } finally {
    turn.end();
  }
}
