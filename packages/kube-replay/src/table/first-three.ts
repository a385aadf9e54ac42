const SHOWN = 3;

/** Three texts of a list, and how many there are behind them: "a,b,c + 2 more..."; "" for an empty list. */
export function firstThree(list: readonly string[]): string {
  const shown = list.slice(0, SHOWN).join(",");
  return list.length > SHOWN ? `${shown} + ${list.length - SHOWN} more...` : shown;
}
