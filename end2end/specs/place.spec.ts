// Returning to a conversation: one stands where one stood.

import { expect, type Person, test } from "../fixtures.ts";

/** Where the row with that text stands below the top of what can be seen; none where it is not there. */
async function topOf(person: Person, text: string): Promise<number | undefined> {
  return person.messages.evaluateAll((rows, text) => {
    const row = rows.find((row) => row.querySelector(".message-text")?.textContent === text);
    const scroller = row?.closest(".timeline");
    if (row === undefined || !scroller) return undefined;
    return Math.round(row.getBoundingClientRect().top - scroller.getBoundingClientRect().top);
  }, text);
}

async function goTo(person: Person, text: string): Promise<void> {
  await person.message(text).evaluate((row) => row.scrollIntoView({ block: "start" }));
  await expect(person.page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
}

async function leaveFor(person: Person, other: { name: string }): Promise<void> {
  const back = person.page.getByRole("link", { name: "Back to conversations" });
  if (await back.isVisible()) await back.click();
  await person.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: other.name }).click();
  await expect(person.page.getByRole("heading", { level: 2, name: other.name }).first()).toBeVisible();
}

test("one returns to where one was reading, also deep in the history", async ({ account, signedIn }) => {
  const [ana, ben] = [await account("student"), await account("student")];
  const first = await signedIn(ana, "/contact");
  await first.write("message 0");
  await first.writeMany(Array.from({ length: 199 }, (_, i) => `message ${i + 1}`));
  const second = await signedIn(ben, "/contact");
  await second.write("Hello");
  await second.sees("Hello", "Sent");

  const staff = await signedIn(await account("agent"), "/admin/chat");
  await staff.openConversation(ana);
  await expect(staff.message("message 199")).toHaveCount(1);
  // Deep enough that it is not in what a room opens with.
  await expect(async () => {
    await staff.messages.first().evaluate((row) => row.scrollIntoView({ block: "start" }));
    await expect(staff.message("message 60")).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await goTo(staff, "message 60");
  await expect.poll(() => topOf(staff, "message 60")).toBeLessThan(60);
  const before = await topOf(staff, "message 60");

  await leaveFor(staff, ben);
  await expect(staff.message("Hello")).toHaveCount(1);
  await leaveFor(staff, ana);
  await expect(staff.message("message 60")).toBeInViewport();
  await expect.poll(async () => Math.abs(((await topOf(staff, "message 60")) ?? 999) - (before ?? 0))).toBeLessThanOrEqual(2);

  // Who was at the end comes to the end.
  await staff.page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(staff.message("message 199")).toBeInViewport();
  await leaveFor(staff, ben);
  await leaveFor(staff, ana);
  await expect(staff.message("message 199")).toBeInViewport();
});
