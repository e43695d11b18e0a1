// The directory, a profile, and the quick way to both.

import { expect, test } from "../fixtures.ts";

test("somebody is found, looked at and written to", async ({ account, signedIn }) => {
  const ben = await account("student");
  const ana = await account("student");
  const student = await signedIn(ana, "/people");
  await student.isAccessible();
  await student.page.getByRole("searchbox", { name: "Search people" }).fill(ben.name);
  const card = student.page.getByRole("article", { name: ben.name });
  await expect(card).toBeVisible();
  await student.fitsTheScreen();
  await card.getByRole("link", { name: ben.name }).click();
  await expect(student.page.getByRole("heading", { name: ben.name, level: 1 })).toBeVisible();
  await expect(student.page.getByText("You are in no room together.")).toBeVisible();
  await student.isAccessible();
  await student.page.getByRole("button", { name: `Chat with ${ben.name}` }).click();
  await expect(student.page.getByRole("heading", { name: ben.name, level: 2 })).toBeVisible();
  await student.write("Hello");
  await student.sees("Hello", "Sent");
});

test("a role narrows the people, and the address says so", async ({ account, signedIn }) => {
  const tess = await account("teacher");
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.open(`/people?q=${encodeURIComponent(tess.name)}`);
  await expect(student.page.getByRole("article", { name: tess.name })).toBeVisible();
  await student.page.getByRole("group", { name: "Role" }).getByRole("link", { name: "Student" }).click();
  await expect(student.page.getByRole("article", { name: tess.name })).toBeHidden();
  await expect(student.page).toHaveURL(/role=student/);
});

test("Ctrl+K leads to a person, and Escape back to where one was", async ({ account, signedIn }) => {
  const ben = await account("student");
  const ana = await account("student");
  const student = await signedIn(ana, "/contact");
  await student.composer.focus();
  const { keyboard } = student.page;
  await keyboard.press("Control+k");
  const dialog = student.page.getByRole("dialog", { name: "Go to" });
  const field = dialog.getByRole("combobox", { name: "Room or person" });
  await expect(field).toBeFocused();
  await keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(student.composer).toBeFocused();
  await keyboard.press("Control+k");
  await field.fill(`@${ben.name}`);
  await expect(dialog.getByRole("option", { name: ben.name })).toHaveAttribute("aria-selected", "true");
  await student.isAccessible();
  await keyboard.press("Enter");
  await expect(student.page.getByRole("heading", { name: ben.name, level: 2 })).toBeVisible();
});
