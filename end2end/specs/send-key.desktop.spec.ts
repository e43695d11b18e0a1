// Which key sends: a choice of the person on this device.

import { expect, test } from "../fixtures.ts";

test("Ctrl and Enter send where somebody has chosen so, on this device alone", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana, "/account");
  const { page } = student;
  await expect(page.getByRole("radio", { name: "Enter sends" })).toBeChecked();
  await page.getByRole("radio", { name: "Ctrl and Enter send" }).check();

  await student.open("/contact");
  await student.composer.fill("One line");
  await student.composer.press("Enter");
  await student.composer.pressSequentially("and another");
  await expect(student.composer).toHaveValue("One line\nand another");
  await student.composer.press("Control+Enter");
  await student.reads(["One line\nand another"]);

  // It holds after signing out and in again.
  await student.openMenu();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await student.signIn(ana, "/contact");
  await student.composer.fill("Still so");
  await student.composer.press("Enter");
  await expect(student.composer).toHaveValue("Still so\n");

  // Somebody else's keyboard is as it was.
  const elsewhere = await signedIn(ana, "/contact");
  await elsewhere.composer.fill("From here");
  await elsewhere.composer.press("Control+Enter");
  await expect(elsewhere.composer).toHaveValue("From here");
  await elsewhere.composer.press("Enter");
  await elsewhere.reads(["One line\nand another", "From here"]);

  await student.open("/account");
  await expect(page.getByRole("radio", { name: "Ctrl and Enter send" })).toBeChecked();
  await page.getByRole("radio", { name: "Enter sends" }).check();
  await student.open("/contact");
  await student.composer.fill("As before");
  await student.composer.press("Enter");
  await student.sees("As before", "Sent");
});
