// Deleting a message: asked once, empty for everybody at once, and still in its place.

import { expect, test, type Person } from "../fixtures.ts";

/** The row of a message that was clicked or tapped: what may be done with it comes with the focus. */
async function pointAt(person: Person, text: string) {
  const row = person.message(text);
  await row.click();
  return row;
}

const gone = (person: Person) => person.messages.filter({ hasText: "Message deleted" });

test("a message of one's own is deleted for both", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Wrong window");
  await student.sees("Wrong window", "Sent");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.openConversation(ana);
  await expect(agent.message("Wrong window")).toBeVisible();
  await expect((await pointAt(agent, "Wrong window")).getByRole("button", { name: "Delete" })).toHaveCount(0);

  const row = await pointAt(student, "Wrong window");
  await row.getByRole("button", { name: "Delete" }).click();
  const question = row.getByRole("group", { name: "Delete this message for everybody?" });
  await expect(question.getByRole("button", { name: "Delete" })).toBeFocused();
  await student.isAccessible();
  // Escape is no.
  await student.page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(student.message("Wrong window")).toBeVisible();
  await row.getByRole("button", { name: "Delete" }).click();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(gone(student)).toBeVisible();
  await expect(gone(student)).toBeFocused();
  await expect(gone(agent)).toBeVisible();
  await expect(agent.message("Wrong window")).toHaveCount(0);
  await agent.isAccessible();
  await student.reload();
  await expect(gone(student)).toBeVisible();
  await expect(student.page.getByText("Wrong window")).toHaveCount(0);
});

test("an admin deletes what others wrote, with Shift at once", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Something rude");
  await student.sees("Something rude", "Sent");
  const admin = await signedIn(await account("admin"), "/admin/chat");
  await admin.openConversation(ana);
  const row = await pointAt(admin, "Something rude");
  await row.getByRole("button", { name: "Delete" }).click({ modifiers: ["Shift"] });
  await expect(gone(admin)).toBeVisible();
  await expect(gone(student)).toBeVisible();
  await admin.fitsTheScreen();
});

test("who answers finds the way from the page for those who ask", async ({ account, signedIn }) => {
  const agent = await signedIn(await account("agent"), "/contact");
  await expect(agent.page.getByText("You answer here")).toBeVisible();
  await agent.isAccessible();
  await agent.page.getByRole("main").getByRole("link", { name: "Open the inbox" }).click();
  await expect(agent.page).toHaveURL(/\/admin\/chat$/);
});
