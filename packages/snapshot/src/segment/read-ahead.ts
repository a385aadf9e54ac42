/** Reads things in about the order in which they are asked for: while one is looked at, the next is on its way. */
export interface ReadAhead<Thing, Content> {
  /** @throws what reading it threw, when it is asked for and not before */
  read(thing: Thing): Promise<Content>;
  /** Waits for what is on its way and was not asked for; whether it could be read is of no interest. */
  settle(): Promise<void>;
}

/**
 * Holds one content that was not asked for yet, or none.
 * @param order of the things, each of which is asked for once at most; out of turn it is read by itself
 */
export function createReadAhead<Thing, Content>(
  order: Iterable<Thing>,
  read: (thing: Thing) => Promise<Content>,
): ReadAhead<Thing, Content> {
  const left = new Set(order);
  let ahead: { readonly thing: Thing; readonly content: Promise<Content> } | undefined;

  function start(): void {
    if (ahead !== undefined) return;
    for (const thing of left) {
      left.delete(thing);
      ahead = { thing, content: read(thing) };
      // Nobody may come for it.
      ahead.content.catch(() => undefined);
      return;
    }
  }

  function take(thing: Thing): Promise<Content> {
    if (ahead?.thing !== thing) {
      left.delete(thing);
      return read(thing);
    }
    const { content } = ahead;
    ahead = undefined;
    return content;
  }

  return {
    async read(thing) {
      const content = await take(thing);
      start();
      return content;
    },
    async settle() {
      await ahead?.content.catch(() => undefined);
    },
  };
}
