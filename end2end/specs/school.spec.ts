// What a school decides for itself: what everybody is told, who writes to whom, its name and colour. And whom people block.
// The server is shared with the worker's other tests, so each leaves it as it was.

import { expect, stored, test, type Person, type User } from "../fixtures.ts";

const SCHOOL = "/admin/school";

/** Opens the direct room with a member of the open room, from their row. */
async function writesTo(person: Person, other: User): Promise<void> {
  await person.showMembers();
  await person.page.getByLabel(`More about ${other.name}`).click();
  await person.page.getByRole("button", { name: "Send a direct message" }).click();
  await expect(person.page.getByRole("heading", { name: other.name, level: 2 })).toBeVisible();
}

/** A public room with these in it; the first makes it. */
async function together(name: string, host: Person, ...others: Person[]): Promise<void> {
  await host.open("/rooms");
  await host.page.getByRole("button", { name: "New room" }).click();
  const dialog = host.page.getByRole("dialog", { name: "New room" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "New room" }).click();
  await expect(host.page.getByRole("heading", { name, level: 2 })).toBeVisible();
  for (const other of others) {
    await other.open("/rooms");
    await other.page.getByRole("button", { name: `Join ${name}` }).click();
    await expect(other.page.getByRole("heading", { name, level: 2 })).toBeVisible();
  }
}

async function savesPolicy(admin: Person, rule: string, isAllowed: boolean): Promise<void> {
  const form = admin.page.getByRole("form", { name: "Who may write to whom" });
  await form.getByRole("checkbox", { name: rule }).setChecked(isAllowed);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
}

test("an announcement is above every page at once, is dismissed for good, and ends", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"), "/rooms");
  const other = await signedIn(await account("student"));
  const admin = await signedIn(await account("admin"), SCHOOL);
  await admin.isAccessible();
  await admin.fitsTheScreen();
  await admin.page.getByLabel("Text", { exact: true }).fill("Snow: closed tomorrow");
  await admin.page.getByRole("combobox", { name: "Ends" }).selectOption({ label: "In a day" });
  await admin.page.getByRole("button", { name: "Announce" }).click();

  for (const reader of [student, other]) {
    const bar = reader.page.getByRole("status").filter({ hasText: "Snow: closed tomorrow" });
    await expect(bar).toBeVisible();
    await reader.isAccessible();
    await reader.fitsTheScreen();
  }
  await student.page.getByRole("button", { name: "Dismiss: Snow: closed tomorrow" }).click();
  await expect(student.page.getByText("Snow: closed tomorrow")).toBeHidden();
  await student.open("/chat");
  await expect(student.page.getByText("Snow: closed tomorrow")).toBeHidden();

  await other.open("/chat");
  await expect(other.page.getByText("Snow: closed tomorrow")).toBeVisible();
  await other.fitsTheScreen();
  await admin.page.getByRole("button", { name: "End the announcement: Snow: closed tomorrow" }).click();
  await expect(other.page.getByText("Snow: closed tomorrow")).toBeHidden();
});

test("what is wrong with an announcement is said beside its field", async ({ account, signedIn }) => {
  const admin = await signedIn(await account("admin"), SCHOOL);
  await admin.page.getByRole("button", { name: "Announce" }).click();
  await expect(admin.page.getByText("1 to 1000 characters.")).toBeVisible();
  await expect(admin.page.getByLabel("Text", { exact: true })).toBeFocused();
  await admin.isAccessible();
});

test("a rule closes a direct room at once, and opens it again", async ({ account, signedIn }) => {
  const ana = await account("student");
  const ben = await account("student");
  const teacher = await signedIn(await account("teacher"));
  const [student, other] = [await signedIn(ana), await signedIn(ben)];
  await together("Rules", teacher, student, other);
  await writesTo(student, ben);
  await student.write("Hello Ben");
  await student.sees("Hello Ben", stored);

  const admin = await signedIn(await account("admin"), SCHOOL);
  await savesPolicy(admin, "Students may write to students", false);
  await expect(student.page.getByText("You cannot write to this person.")).toBeVisible();
  await expect(student.composer).toBeHidden();
  await expect(student.message("Hello Ben")).toBeVisible();
  await student.isAccessible();
  await savesPolicy(admin, "Students may write to students", true);
  await student.write("Still there?");
  await student.sees("Still there?", stored);
});

test("who is blocked is not read until one wants to, and is let go on the account page", async ({ account, signedIn }) => {
  const ana = await account("student");
  const ben = await account("student");
  const teacher = await signedIn(await account("teacher"));
  const [student, other] = [await signedIn(ana), await signedIn(ben)];
  await together("Debates", teacher, student, other);
  await other.write("You know nothing");
  await expect(student.message("You know nothing")).toBeVisible();

  await student.showMembers();
  await student.page.getByLabel(`More about ${ben.name}`).click();
  await student.page.getByRole("button", { name: `Block ${ben.name}`, exact: true }).click();
  await student.page.keyboard.press("Escape");
  await student.hideMembers();
  const folded = student.messages.getByText("Message from somebody you have blocked");
  await expect(folded).toBeVisible();
  await expect(student.messages.getByText("You know nothing")).toBeHidden();
  await folded.click();
  await expect(student.messages.getByText("You know nothing")).toBeVisible();
  await student.isAccessible();

  await student.open("/account");
  const people = student.page.getByRole("region", { name: "Blocked people" });
  await expect(people).toContainText(ben.name);
  await student.isAccessible();
  await people.getByRole("button", { name: `Unblock ${ben.name}` }).click();
  await expect(people).toContainText("You have blocked nobody.");
});

test("a block in a direct room closes it, and says so to whoever blocked alone", async ({ account, signedIn }) => {
  const ana = await account("student");
  const ben = await account("student");
  const teacher = await signedIn(await account("teacher"));
  const [student, other] = [await signedIn(ana), await signedIn(ben)];
  await together("Go players", teacher, student, other);
  await writesTo(student, ben);
  await student.write("Hello");
  await other.open("/chat");
  await other.page.getByRole("link", { name: new RegExp(`^${ana.name}`) }).click();
  await expect(other.message("Hello")).toBeVisible();

  await student.page.getByRole("button", { name: "More", exact: true }).click();
  await student.page.getByRole("button", { name: `Block ${ben.name}` }).click();
  await student.page.keyboard.press("Escape");
  await expect(student.page.getByText("You have blocked this person.")).toBeVisible();
  await expect(other.page.getByText("You cannot write to this person.")).toBeVisible();
  await expect(other.page.getByText("blocked")).toBeHidden();
  await student.page.locator(".closed-note").getByRole("button", { name: `Unblock ${ben.name}` }).click();
  await other.write("Back again");
  await expect(student.message("Back again")).toBeVisible();
});

test("a name, a colour and a logo are seen everywhere, and taken back", async ({ account, signedIn, somebody }) => {
  const admin = await signedIn(await account("admin"), SCHOOL);
  const before = await admin.page.getByRole("banner").getByRole("link").first().innerText();
  const form = admin.page.getByRole("form", { name: "Name and colour" });
  await form.getByLabel("Accent colour").fill("red");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Write it as #rrggbb")).toBeVisible();
  await form.getByLabel("Name of the school").fill("Hill School");
  await form.getByLabel("Accent colour").fill("#ffe14d");
  await admin.guard.arrive(() => form.getByRole("button", { name: "Save" }).click());
  await expect(admin.page).toHaveTitle(/School – Hill School$/);
  await admin.isAccessible();

  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  await admin.guard.arrive(() =>
    admin.page.getByLabel("Choose a picture").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png }),
  );
  await expect(admin.page.getByRole("img", { name: "Logo" })).toBeVisible();

  for (const colorScheme of ["light", "dark"] as const) {
    const visitor = await somebody({ colorScheme });
    await visitor.visit("/sign-in");
    await expect(visitor.page.getByText("Hill School")).toBeVisible();
    await expect(visitor.page.getByRole("button", { name: "Sign in" })).toHaveCSS("background-color", "rgb(255, 225, 77)");
    await visitor.isAccessible();
  }

  await admin.guard.arrive(() => admin.page.getByRole("button", { name: "Remove the logo" }).click());
  await form.getByLabel("Name of the school").fill("");
  await form.getByLabel("Accent colour").fill("");
  await admin.guard.arrive(() => form.getByRole("button", { name: "Save" }).click());
  await expect(admin.page.getByRole("banner").getByText(before)).toBeVisible();
});

test("the page is for admins alone", async ({ account, signedIn }) => {
  const agent = await signedIn(await account("agent"));
  await agent.openMenu();
  await expect(agent.page.getByRole("link", { name: "School", exact: true })).toHaveCount(0);
  agent.guard.allow(/status of 40[34]/);
  await agent.visit(SCHOOL);
  await expect(agent.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();

  const admin = await signedIn(await account("admin"));
  await admin.openMenu();
  await admin.page.getByRole("link", { name: "School", exact: true }).click();
  await expect(admin.page.getByRole("heading", { name: "School", level: 1 })).toBeVisible();
});
