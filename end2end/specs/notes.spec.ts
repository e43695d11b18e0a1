// Internal notes: those who answer write to each other beside a conversation, and see who else looks at it.

import { expect, test, type Person, type User } from "../fixtures.ts";

const QUESTION = "My card is lost";

/** A student who has asked something, and two who answer and have it open. */
async function asked(
  account: (role: User["role"]) => Promise<User>,
  signedIn: (user: User, path?: string) => Promise<Person>,
): Promise<{ ana: User; student: Person; nora: Person; rosa: Person; rosas: User }> {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write(QUESTION);
  await student.sees(QUESTION, "Sent");
  const rosas = await account("agent");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  const rosa = await signedIn(rosas, "/admin/chat");
  await nora.openConversation(ana);
  await rosa.openConversation(ana);
  return { ana, student, nora, rosa, rosas };
}

test("a colleague sees a note at once, and the student nothing of it", async ({ account, signedIn }) => {
  const { ana, student, nora, rosa } = await asked(account, signedIn);
  await student.minimiseWidget();
  await nora.writeNote("She has lost three this year");
  await expect(rosa.message("She has lost three this year")).toContainText("Internal note");
  await expect(nora.message("She has lost three this year")).toContainText("Internal note");
  await nora.isAccessible();
  await nora.fitsTheScreen();
  // The student still waits, and the list shows what they asked.
  await rosa.reload();
  await rosa.reads([QUESTION, "She has lost three this year"]);
  await expect(rosa.message("She has lost three this year")).toContainText("Internal note");

  // What is for everybody comes after the note, so by then the note would have come.
  await nora.chooseKind("Reply");
  await nora.write("A new one costs 5 euros");
  await expect(student.page.getByRole("button", { name: "Open support chat, 1 unread" })).toBeVisible();
  await student.openWidget();
  await student.reads([QUESTION, "A new one costs 5 euros"]);
  await student.reload();
  await student.reads([QUESTION, "A new one costs 5 euros"]);
  expect(await student.page.content()).not.toContain("three this year");
  await rosa.reads([QUESTION, "She has lost three this year", "A new one costs 5 euros"]);
  await expect(rosa.message("A new one costs 5 euros")).not.toContainText("Internal note");
  expect(ana.name).toBeTruthy();
});

test("the kind is chosen by the keyboard, and each keeps its draft", async ({ account, signedIn }) => {
  const { nora } = await asked(account, signedIn);
  await nora.composer.fill("Dear student");
  await nora.kind("Reply").focus();
  await expect(nora.kind("Reply")).toBeChecked();
  await nora.page.keyboard.press("ArrowRight");
  await expect(nora.kind("Internal note")).toBeChecked();
  await expect(nora.noteField).toHaveValue("");
  await nora.page.keyboard.press("Tab");
  await expect(nora.noteField).toBeFocused();
  await nora.page.keyboard.type("Ask Tom");
  await nora.chooseKind("Reply");
  await expect(nora.composer).toHaveValue("Dear student");
  await nora.chooseKind("Internal note");
  await expect(nora.noteField).toHaveValue("Ask Tom");

  await nora.reload();
  await expect(nora.composer).toHaveValue("Dear student");
  await nora.chooseKind("Internal note");
  await expect(nora.noteField).toHaveValue("Ask Tom");
  await nora.addNote.focus();
  await nora.page.keyboard.press("Enter");
  await expect(nora.message("Ask Tom")).toContainText("Internal note");
  await expect(nora.noteField).toHaveValue("");
  await nora.chooseKind("Reply");
  await expect(nora.composer).toHaveValue("Dear student");
});

test("a note that is written offline is sent as a note", async ({ account, signedIn }) => {
  const { student, nora, rosa } = await asked(account, signedIn);
  nora.guard.allowOutage();
  await nora.context.setOffline(true);
  await nora.writeNote("Still a note");
  await nora.sees("Still a note", "Waiting to be sent");
  await expect(nora.message("Still a note")).toContainText("Internal note");
  // Taken back it stands among the notes, not in the answer.
  await nora.chooseKind("Reply");
  await nora.message("Still a note").getByRole("button", { name: "Edit" }).click();
  await expect(nora.noteField).toHaveValue("Still a note");
  await nora.addNote.click();
  await nora.context.setOffline(false);
  await expect(rosa.message("Still a note")).toContainText("Internal note");
  await rosa.write("An answer");
  await student.reads([QUESTION, "An answer"]);
});

test("who else looks at a conversation is shown, and that they write", async ({ account, signedIn }) => {
  const { student, nora, rosa, rosas } = await asked(account, signedIn);
  const line = nora.page.getByRole("status").filter({ hasText: `${rosas.name} is looking at this too` });
  await expect(line).toBeVisible();
  await nora.isAccessible();
  await rosa.chooseKind("Internal note");
  await rosa.noteField.pressSequentially("One moment");
  await expect(nora.page.getByText(`${rosas.name} is typing`)).toBeVisible();
  await expect(student.page.getByText("is typing")).toBeHidden();
  await rosa.visit("/");
  await expect(line).toBeHidden();
  await expect(student.page.getByText("is looking")).toBeHidden();
});
