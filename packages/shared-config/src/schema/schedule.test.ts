import { expect, it } from "vitest";
import { isTimeZone, scheduleProblem } from "./schedule.ts";

it.each(["0 22 * * 1-5", "*/15 0-6,22-23 1 JAN,jul sun", "0 0 ? * *", "5/10 * * * *"])("%s is a schedule", (text) => {
  expect(scheduleProblem(text)).toBeUndefined();
});

it.each([
  ["0 22 * *", 'expected five fields, such as "0 22 * * 1-5"'],
  ["60 * * * *", 'expected 0..59 in its minute, got "60"'],
  ["0 22-6 * * *", 'expected 0..23 in its hour, got "22-6"'],
  ["0 0 0 * *", 'expected 1..31 in its day of the month, got "0"'],
  ["0 0 L * *", 'expected 1..31 in its day of the month, got "L"'],
  ["0 0 * * 7", 'expected 0..6 in its day of the week, got "7"'],
  ["0 0 * * mon#2", 'expected 0..6 in its day of the week, got "mon#2"'],
  ["*/0 * * * *", 'expected 0..59 in its minute, got "*/0"'],
])("%s is none", (text, problem) => {
  expect(scheduleProblem(text)).toBe(problem);
});

it("knows time zones by their names", () => {
  expect(["UTC", "Europe/Copenhagen", "Europe/Kopenhagen", ""].map(isTimeZone)).toEqual([true, true, false, false]);
});
