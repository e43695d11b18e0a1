// Reading: long histories, long messages, days, and where the reader's eyes are.

import { expect, type Person, test } from "../fixtures.ts";

const many = Array.from({ length: 500 }, (_, i) => `message ${i + 1}`);

/** A student whose conversation has 500 messages, and who has just come back to it. */
async function withHistory(student: Person): Promise<void> {
  await student.openWidget();
  await student.writeMany(many);
  await student.reload();
  await expect(student.message("message 500")).toBeInViewport();
}

/** The first row that can be seen, and where it stands. */
async function atTop(person: Person): Promise<{ text: string; top: number }> {
  return person.messages.first().evaluate((first) => {
    const scroller = first.closest(".timeline");
    if (scroller === null) throw new Error("no timeline");
    const { top } = scroller.getBoundingClientRect();
    const rows = [...scroller.querySelectorAll(".message")];
    const row = rows.find((row) => row.getBoundingClientRect().top >= top);
    return {
      text: row?.querySelector(".message-text")?.textContent ?? "",
      top: Math.round((row?.getBoundingClientRect().top ?? 0) - top),
    };
  });
}

test("a history of 500 messages is read upwards, and no line moves under the eyes", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await withHistory(student);
  await expect(student.messages).toHaveCount(50);

  for (let count = 100; count <= 500; count += 50) {
    // To the oldest row that is there: what comes is put above it.
    await student.messages.first().evaluate((row) => row.scrollIntoView({ block: "start" }));
    const before = await atTop(student);
    await expect(async () => expect(await student.messages.count()).toBeGreaterThanOrEqual(count)).toPass();
    const row = student.message(before.text);
    await expect
      .poll(() =>
        row.evaluate((row) => {
          const scroller = row.closest(".timeline");
          return Math.round(row.getBoundingClientRect().top - (scroller?.getBoundingClientRect().top ?? 0));
        }),
      )
      .toBe(before.top);
  }
  await student.messages.first().evaluate((row) => row.scrollIntoView({ block: "end" }));
  await student.reads(many);
  await expect(student.page.getByText("This is the start of your conversation with support.")).toBeVisible();

  // Back at the end, what was scrolled past is let go of again.
  await student.page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(student.message("message 500")).toBeInViewport();
  await expect(student.messages).toHaveCount(150);
  await expect(student.message("message 500")).toBeInViewport();
});

test("what comes while one reads further up moves nothing, and is counted", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await withHistory(student);
  await student.message("message 470").evaluate((row) => row.scrollIntoView({ block: "start" }));
  const jump = student.page.getByRole("button", { name: "Jump to latest" });
  await expect(jump).toBeVisible();
  // Older pages that this scrolling asked for are there.
  await expect(student.messages).toHaveCount(100);
  const before = await atTop(student);

  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.openConversation(ana);
  await agent.write("An answer");
  await agent.sees("An answer", "Delivered");
  await expect(jump).toContainText("1");
  expect(await atTop(student)).toEqual(before);

  await student.write("Now to the end");
  await expect(student.message("Now to the end")).toBeInViewport();
  await expect(jump).toBeHidden();
});

test("the day stands above what is read further up", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await withHistory(student);
  const day = student.page.locator(".sticky-day");
  await expect(day).toBeHidden();
  await student.message("message 470").evaluate((row) => row.scrollIntoView({ block: "start" }));
  await expect(day).toHaveText("Today");
  await student.page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(day).toBeHidden();
});

test("a long message is folded until one wants all of it", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  const lines = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`).join("\n");
  await student.write("short");
  await student.write(lines);
  await student.sees(lines, "Sent");
  await expect(student.message("short").getByRole("button")).toHaveCount(0);

  const height = async () => (await student.message(lines).locator(".message-text").boundingBox())?.height ?? 0;
  const folded = await height();
  await student.message(lines).getByRole("button", { name: "Show all" }).click();
  await expect.poll(height).toBeGreaterThan(folded * 2);
  await expect(student.message(lines).getByRole("button", { name: "Show less" })).toHaveAttribute("aria-expanded", "true");
  await student.isAccessible();
  await student.message(lines).getByRole("button", { name: "Show less" }).click();
  await expect.poll(height).toBe(folded);
});

test("a message that waits can be written anew", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.write("First");
  await student.sees("First", "Sent");
  student.guard.allowOutage();
  await student.context.setOffline(true);
  await student.write("Wit a mistake");
  await student.composer.fill("and a draft");
  await student.message("Wit a mistake").getByRole("button", { name: "Edit" }).click();
  await expect(student.composer).toBeFocused();
  await expect(student.composer).toHaveValue("Wit a mistake\nand a draft");
  await expect(student.message("Wit a mistake")).toHaveCount(0);
  await student.composer.fill("With no mistake");
  await student.sendButton.click();
  await student.context.setOffline(false);
  await student.sees("With no mistake", "Sent");
  await student.reads(["First", "With no mistake"]);
});
