// Fingers on a phone.

import { expect, test } from "../fixtures.ts";

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
  await student.openWidget();
  const targets = [
    student.sendButton,
    student.panel.getByRole("button", { name: "Minimise chat" }),
    student.composer,
  ];
  for (const target of targets) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.getAttribute("aria-label") ?? "").toBeGreaterThanOrEqual(40);
  }
});
