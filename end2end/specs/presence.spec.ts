// Who is there: over two tabs, by one's own choice, and for those who may know.

import { expect, test, type Person, type User } from "../fixtures.ts";

/** The radio of a status in the account menu, which is opened for it. */
async function choose(person: Person, status: string): Promise<void> {
  await person.openMenu();
  const group = person.page.getByRole("group", { name: "Your status" });
  await group.getByText(status, { exact: true }).click();
  await expect(group.getByRole("radio", { name: status })).toBeChecked();
  await person.page.keyboard.press("Escape");
}

/** Where the head of the open conversation says whether somebody is there. */
function head({ page }: Person) {
  return page.locator(".room-head .presence-line");
}

/** A student's conversation, open at the desk, beside which the student has a page open. */
async function atTheDesk(
  account: (role: User["role"]) => Promise<User>,
  signedIn: (user: User, path?: string) => Promise<Person>,
): Promise<{ ana: User; student: Person; nora: Person }> {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Is anybody there?");
  await student.sees("Is anybody there?", "Sent");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  await nora.openConversation(ana);
  return { ana, student, nora };
}

test("a student is online in the inbox until the last tab is closed", async ({ account, signedIn }) => {
  const { student, nora } = await atTheDesk(account, signedIn);
  await expect(head(nora)).toContainText("Online");
  await nora.isAccessible();
  await nora.fitsTheScreen();
  const tab = await student.anotherTab();
  await tab.open("/");
  await student.page.close();
  await choose(tab, "Busy");
  await expect(head(nora)).toContainText("Busy");
  await tab.page.close();
  await expect(head(nora)).toContainText(/Last seen: \d/, { timeout: 20_000 });
});

test("a chosen status is seen at once, in every tab, and stays", async ({ account, signedIn }) => {
  const { ana, student, nora } = await atTheDesk(account, signedIn);
  await student.minimiseWidget();
  await expect(head(nora)).toContainText("Online");
  const tab = await student.anotherTab();
  await tab.open("/");
  await choose(student, "Busy");
  await expect(head(nora)).toContainText("Busy");
  await tab.openMenu();
  await expect(tab.page.getByRole("radio", { name: "Busy" })).toBeChecked();
  await tab.isAccessible();
  await tab.fitsTheScreen();
  await student.reload();
  await student.openMenu();
  await expect(student.page.getByRole("radio", { name: "Busy" })).toBeChecked();
  await student.page.keyboard.press("Escape");
  await choose(student, "Appear offline");
  await expect(head(nora)).toContainText("Last seen");
  await choose(student, "Online");
  await expect(head(nora)).toContainText("Online");
  expect(ana.name).toBeTruthy();
});

test("when one was last seen is hidden by a choice on the account page", async ({ account, signedIn }) => {
  const { student, nora } = await atTheDesk(account, signedIn);
  await expect(head(nora)).toContainText("Online");
  // On a phone it covers every page.
  await student.minimiseWidget();
  await student.open("/account");
  await student.page.getByRole("checkbox", { name: /Hide when I was last seen/ }).check();
  await expect(student.page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await student.isAccessible();
  await student.reload();
  await expect(student.page.getByRole("checkbox", { name: /Hide when I was last seen/ })).toBeChecked();
  await student.page.close();
  await expect(head(nora)).toContainText("Offline", { timeout: 20_000 });
});
