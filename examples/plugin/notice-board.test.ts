import { type ContractHost, type ContractRepository, gitPlatformContract } from "@kubeferry/git-platform/contract";
import { Secret } from "@kubeferry/model";
import { type BoardNotice, type BoardRepository, startBoard } from "./board-server.ts";
import { createNoticeBoard } from "./notice-board.ts";

gitPlatformContract("a notice board", openBoard, { branchRules: "a board protects no branch" });

async function openBoard(): Promise<ContractHost> {
  const [token, unknown] = ["token-of-the-board", "token-of-nobody"];
  const board = await startBoard(token);
  return {
    open: ({ known, ...how }) =>
      createNoticeBoard({ apiUrl: `${board.url}/api`, token: new Secret(known ? token : unknown), ...how }),
    credentials: [token, unknown],
    people: { users: ["grace", "alan"] },
    manyRequests: 60,
    async freshRepository(...branches) {
      const name = `test-${board.repositories.size + 1}`;
      const repository: BoardRepository = { branches: new Set(["main", ...branches]), notices: [] };
      board.repositories.set(`acme/${name}`, repository);
      return repositoryOf(name, repository);
    },
    requests: () => board.requests,
    misbehave: (rule) => void board.faults.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }),
    behave: () => void board.faults.splice(0),
    close: () => board.close(),
  };
}

function repositoryOf(name: string, { notices }: BoardRepository): ContractRepository {
  const noticeOf = (number: number): BoardNotice => {
    const notice = notices.find((each) => each.number === number);
    if (notice === undefined) throw new Error(`no notice ${number}`);
    return notice;
  };
  const nothing = async () => undefined;
  return {
    repo: { owner: "acme", name },
    commitOf: async () => "0".repeat(40),
    label: nothing,
    milestone: nothing,
    protect: nothing,
    merge: async (number) => void Object.assign(noticeOf(number), { open: false }),
    async commentAsOther(number, text) {
      const { remarks } = noticeOf(number);
      remarks.push({ id: remarks.length + 1, text, author: "grace" });
    },
    async look(number) {
      const { open, title, remarks } = noticeOf(number);
      const none = { labels: [], reviewers: [], teams: [], assignees: [], milestone: undefined };
      const comments = remarks.map(({ text }) => text);
      return { ...none, state: open ? "open" : "closed", title, draft: false, comments, autoMerge: false };
    },
  };
}
