// Fingers on a phone.

import { expect, type Person, test } from "../fixtures.ts";

test("Enter on a phone's keyboard begins a new line; the button sends", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.widgetButton.tap();
  await student.composer.tap();
  await student.composer.pressSequentially("first");
  await student.composer.press("Enter");
  await student.composer.pressSequentially("second");
  await expect(student.composer).toHaveValue("first\nsecond");
  await student.sendButton.tap();
  await student.reads(["first\nsecond"]);
});

test("an agent goes into a conversation and back to the list", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Hello");
  await student.sees("Hello", "Sent");

  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.conversation(ana).tap();
  await agent.reads(["Hello"]);
  await expect(agent.conversation(ana)).toBeHidden();
  await agent.page.getByRole("link", { name: "Back to conversations" }).tap();
  await expect(agent.conversation(ana)).toBeVisible();
  await expect(agent.composer).toBeHidden();
});

test("what is touched is large enough for a finger", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  expect(await tooSmall(student)).toEqual([]);
  await student.openMenu();
  expect(await tooSmall(student)).toEqual([]);
  await student.page.keyboard.press("Escape");
  await student.openWidget();
  expect(await tooSmall(student)).toEqual([]);

  await student.write("Hello");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.page.getByRole("link").filter({ hasText: "Hello" }).first().tap();
  await expect(agent.composer).toBeVisible();
  expect(await tooSmall(agent)).toEqual([]);
});

/** What can be touched on the screen and is smaller than 44 pixels; links in running text are as high as it. */
async function tooSmall({ page }: Person): Promise<string[]> {
  return page.evaluate(async (least) => {
    // What moves in is measured when it is there.
    const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(moving.map(({ finished }) => finished));
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>("button, a[href], input, textarea, label, summary")) {
      const box = element.getBoundingClientRect();
      const isText = element.closest("p, .message-text") !== null;
      const isVisible = element.checkVisibility({ visibilityProperty: true }) && element.closest("[inert]") === null;
      // One pixel: for screen readers alone. Above the screen: for the keyboard alone, until it is there.
      const isThere = box.width > 1 && box.bottom > 0;
      if (isVisible && isThere && !isText && Math.min(box.width, box.height) < least) {
        const name = element.getAttribute("aria-label") ?? element.textContent;
        found.push(`${element.tagName} "${name}": ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
      }
    }
    return found;
  }, 44);
}
