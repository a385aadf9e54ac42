import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ContractFault, ContractRequest } from "@kubeferry/git-platform/contract";

/** A notice of the test's board. */
export interface BoardNotice {
  readonly number: number;
  readonly url: string;
  readonly from: string;
  readonly to: string;
  title: string;
  body: string;
  open: boolean;
  readonly remarks: { id: number; text: string; author: string }[];
}

/** A repository of the test's board. */
export interface BoardRepository {
  readonly branches: Set<string>;
  readonly notices: BoardNotice[];
}

/** The board that the test talks to: in memory, and able to fail as it is told. */
export interface Board {
  readonly url: string;
  readonly repositories: Map<string, BoardRepository>;
  readonly requests: ContractRequest[];
  readonly faults: { readonly rule: ContractFault; left: number }[];
  close(): Promise<void>;
}

const PAGE = 25;

/** Starts one on a free loopback port, for one token. */
export async function startBoard(token: string): Promise<Board> {
  const board = { repositories: new Map(), requests: [], faults: [] } as Omit<Board, "url" | "close">;
  const server = createServer((incoming, response) => void serve(board, token, incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...board,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  board: Omit<Board, "url" | "close">,
  token: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { method = "GET", url: path = "/" } = incoming;
  const request = { method, path, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  board.requests.push(request);
  const fault = board.faults.find(({ rule, left }) => left > 0 && (rule.matches?.(request) ?? true));
  if (fault !== undefined) {
    fault.left -= 1;
    return fail(fault.rule.fault, response);
  }
  const known = incoming.headers.authorization === `Bearer ${token}`;
  const [status, json] = known ? answer(board.repositories, request) : [401, {}];
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(json));
}

function fail(fault: ContractFault["fault"], response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  if (fault.type === "status") response.writeHead(fault.status, { ...json, ...fault.headers }).end("{}");
  else if (fault.type === "page")
    response.writeHead(fault.status, { "content-type": "text/html" }).end("<html></html>");
  else if (fault.type === "slow") response.writeHead(200, json).write("{");
  else response.writeHead(200, { ...json, "content-length": "100" }).write("{", () => response.destroy());
}

type Answer = readonly [status: number, json: unknown];
const NOT_FOUND: Answer = [404, {}];

function answer(repositories: Board["repositories"], { method, path, body }: ContractRequest): Answer {
  const url = new URL(path, "http://board");
  const parts = url.pathname.split("/").slice(2).map(decodeURIComponent);
  if (parts[0] === "about") return [200, { product: "Notice board", user: "ada" }];
  const [, owner, name, kind, which, remarks, id] = parts;
  const repository = repositories.get(`${owner}/${name}`);
  if (repository === undefined) return NOT_FOUND;
  if (kind === undefined) return [200, { url: `http://board/${owner}/${name}`, defaultBranch: "main" }];
  if (kind === "branches") return repository.branches.has(which ?? "") ? [200, {}] : NOT_FOUND;
  const page = Number(url.searchParams.get("page") ?? 1);
  const paged = (items: readonly unknown[]): Answer => [200, items.slice((page - 1) * PAGE, page * PAGE)];
  if (which === undefined && method === "GET") return paged(repository.notices.filter(({ open }) => open));
  if (which === undefined) return opened(repository, body as Pick<BoardNotice, "from" | "to" | "title" | "body">);
  const notice = repository.notices.find(({ number }) => number === Number(which));
  if (notice === undefined) return NOT_FOUND;
  if (remarks === undefined) return [200, Object.assign(notice, body)];
  if (method === "GET") return paged(notice.remarks);
  const { text } = body as { text: string };
  const remark = notice.remarks.find((each) => each.id === Number(id));
  if (remark !== undefined) return [200, Object.assign(remark, { text })];
  notice.remarks.push({ id: notice.remarks.length + 1, text, author: "ada" });
  return [201, {}];
}

function opened(
  { branches, notices }: BoardRepository,
  want: Pick<BoardNotice, "from" | "to" | "title" | "body">,
): Answer {
  if (!branches.has(want.from) || !branches.has(want.to)) return NOT_FOUND;
  if (want.from === want.to) return [422, {}];
  if (notices.some(({ open, from, to }) => open && from === want.from && to === want.to)) return [409, {}];
  const number = notices.length + 1;
  const notice = { ...want, number, url: `http://board/notices/${number}`, open: true, remarks: [] };
  notices.push(notice);
  return [201, notice];
}
