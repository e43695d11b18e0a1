// Accounts, kept by admins; and choosing a password by a link.

import type { Locator } from "@playwright/test";

import { expect, type Person, test } from "../fixtures.ts";

let made = 0;

function someUsername(): string {
  made += 1;
  return `kept-${process.pid}-${made}`;
}

/** The row of an account. */
function row({ page }: Person, name: string): Locator {
  return page.getByRole("row").filter({ hasText: name });
}

async function find(admin: Person, text: string): Promise<void> {
  await admin.page.getByRole("searchbox", { name: "Name, username or e-mail" }).fill(text);
  await admin.page.getByRole("button", { name: "Find", exact: true }).click();
  await expect(admin.page).toHaveURL(new RegExp("q="));
}

/** Opens the menu of an account and chooses an item of it. */
async function choose(admin: Person, name: string, item: string): Promise<void> {
  await admin.page.getByLabel(`More about ${name}`, { exact: true }).click();
  await row(admin, name).getByRole("button", { name: item, exact: true }).click();
}

async function says(admin: Person, text: string): Promise<void> {
  await expect(admin.page.getByRole("status").filter({ hasText: text })).toBeVisible();
}

/** The link that is shown just now. */
async function linkOf(admin: Person, name: string): Promise<string> {
  const dialog = admin.page.getByRole("dialog", { name: `Link for ${name}` });
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  expect(link).toMatch(/^http:.*\/password\/[\w-]{43}$/);
  return link;
}

async function isFine(person: Person): Promise<void> {
  await person.isAccessible();
  await person.fitsTheScreen();
}

test("an admin makes an account, and its person chooses a password by the link", async ({ account, signedIn, somebody }) => {
  const admin = await signedIn(await account("admin"));
  await admin.openMenu();
  await admin.page.getByRole("link", { name: "People" }).click();
  await expect(admin.page.getByRole("heading", { level: 1 })).toHaveText("People");
  await admin.page.getByRole("button", { name: "New account" }).click();
  const dialog = admin.page.getByRole("dialog", { name: "New account" });
  await dialog.getByRole("button", { name: "New account" }).click();
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await isFine(admin);
  const username = someUsername();
  const name = `Noor ${username}`;
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Username").fill(username);
  await dialog.getByLabel("Role").selectOption({ label: "Teacher" });
  await dialog.getByRole("button", { name: "New account" }).click();
  const link = await linkOf(admin, name);
  await isFine(admin);
  await admin.page.getByRole("button", { name: "Copy", exact: true }).click();
  await says(admin, "Copied.");
  await admin.page.getByRole("button", { name: "Done", exact: true }).click();
  await says(admin, `The account of ${name} is there.`);
  await find(admin, username);
  await expect(row(admin, name)).toContainText("No password yet");

  for (const javaScriptEnabled of [false, true]) {
    const visitor = await somebody({ javaScriptEnabled });
    const path = new URL(link).pathname;
    if (javaScriptEnabled) {
      // It was used already.
      visitor.guard.allow(/status of 404/);
      await visitor.visit(path);
      await expect(visitor.page.getByRole("heading", { level: 1 })).toHaveText("This link does not hold");
      continue;
    }
    await visitor.visit(path);
    await expect(visitor.page.getByRole("heading", { level: 1 })).toHaveText("Choose a password");
    await visitor.page.getByLabel("New password", { exact: true }).fill("short");
    await visitor.page.getByRole("button", { name: "Set password" }).click();
    await expect(visitor.page.getByLabel("New password", { exact: true })).toHaveAccessibleDescription(/at least 10/);
    await visitor.page.getByLabel("New password", { exact: true }).fill("a long password");
    await visitor.page.getByRole("button", { name: "Set password" }).click();
    await expect(visitor.page.getByRole("status")).toHaveText("Your password is set. Sign in with it.");
    await expect(visitor.page.getByLabel("Username")).toHaveValue(username);
    await visitor.page.getByLabel("Password", { exact: true }).fill("a long password");
    await visitor.page.getByRole("button", { name: "Sign in" }).click();
    await expect(visitor.page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${name}`);
  }
});

test("a username that somebody has is told beside its field", async ({ account, signedIn }) => {
  const ana = await account("student");
  const admin = await signedIn(await account("admin"), "/admin/people");
  admin.guard.allow(/status of 409/);
  await admin.page.getByRole("button", { name: "New account" }).click();
  const dialog = admin.page.getByRole("dialog", { name: "New account" });
  await dialog.getByLabel("Name", { exact: true }).fill("Another");
  await dialog.getByLabel("Username").fill(ana.username);
  await dialog.getByRole("button", { name: "New account" }).click();
  await expect(dialog.getByLabel("Username")).toHaveAccessibleDescription(/Somebody else has this username already/);
  await expect(dialog.getByLabel("Username")).toBeFocused();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("Another");
});

/** A file of people, as a spreadsheet writes it. */
function csv(...lines: string[]) {
  const text = ["username,name,role", ...lines, ""].join("\r\n");
  return { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
}

test("an admin imports the people of a file, or is told what is wrong with it", async ({ account, signedIn, somebody }) => {
  const admin = await signedIn(await account("admin"), "/admin/people");
  let sent = 0;
  admin.page.on("request", (request) => {
    if (request.url().endsWith("/import_people")) sent += 1;
  });
  const [one, two] = [someUsername(), someUsername()];
  await find(admin, one);
  await expect(admin.page.getByText("Nobody found")).toBeVisible();

  await admin.page.getByRole("button", { name: "Import people" }).click();
  const dialog = admin.page.getByRole("dialog", { name: "Import people" });
  const file = dialog.getByLabel("CSV file");
  const submit = dialog.getByRole("button", { name: "Import", exact: true });
  await submit.click();
  await expect(dialog.getByRole("alert")).toHaveText("Choose a file.");
  await file.setInputFiles({ name: "large.csv", mimeType: "text/csv", buffer: Buffer.alloc(1024 * 1024 + 1, "x") });
  await submit.click();
  await expect(dialog.getByRole("alert")).toContainText("larger than 1 MiB");
  await expect(file).toBeFocused();
  expect(sent, "what is too large is not sent").toBe(0);

  await file.setInputFiles(csv(`${one},Imani ${one},student`, `${two},Timo,pupil`));
  await submit.click();
  await expect(dialog.getByRole("alert")).toContainText("Nobody was imported.");
  await expect(dialog.getByRole("list", { name: "What is wrong with the file" })).toContainText("Line 3: role:");
  await isFine(admin);

  await file.setInputFiles(csv(`${one},Imani ${one},student`, `${two},Timo,teacher`));
  await submit.click();
  const done = dialog.getByRole("button", { name: "Done", exact: true });
  await expect(done).toBeFocused();
  await expect(done).toHaveAccessibleDescription("People imported: 2");
  const links = await dialog.getByRole("textbox", { name: "Links" }).inputValue();
  expect(links).toMatch(new RegExp(`^${one}\thttp:.*/password/[\\w-]{43}\n${two}\thttp:.*/password/[\\w-]{43}\n$`));
  await isFine(admin);
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await says(admin, "Copied.");
  await done.click();
  await says(admin, "People imported: 2");
  // The list was asked for again.
  await expect(row(admin, `Imani ${one}`)).toContainText("No password yet");

  const newcomer = await somebody();
  await newcomer.visit(new URL(links.split(/[\t\n]/)[1] ?? "").pathname);
  await expect(newcomer.page.getByRole("heading", { level: 1 })).toHaveText("Choose a password");
  // The links are not there for whoever comes next.
  await admin.page.getByRole("button", { name: "Import people" }).click();
  await expect(file).toHaveValue("");
  await expect(dialog.getByRole("textbox", { name: "Links" })).toHaveCount(0);
});

test("another role holds at once on the open page of its person", async ({ account, signedIn }) => {
  const nora = await account("agent");
  const agent = await signedIn(nora, "/admin/chat");
  agent.guard.allow(/status of 40[34]/);
  const admin = await signedIn(await account("admin"), "/admin/people");
  await find(admin, nora.username);
  await choose(admin, nora.name, "New role: Student");
  const question = admin.page.getByRole("dialog", { name: `${nora.name}: Student?` });
  await isFine(admin);
  await question.getByRole("button", { name: "New role: Student" }).click();
  await says(admin, `${nora.name} is now: Student.`);
  await expect(row(admin, nora.name)).toContainText("Student");
  await expect(agent.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
});

test("a closed account is out at once, and can be opened again", async ({ account, signedIn, somebody }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  const admin = await signedIn(await account("admin"), "/admin/people");
  await find(admin, ana.username);
  await choose(admin, ana.name, "Close account");
  const question = admin.page.getByRole("dialog", { name: `Close the account of ${ana.name}?` });
  await expect(question).toContainText("What they wrote stays.");
  await question.getByRole("button", { name: "Close account" }).click();
  await expect(row(admin, ana.name)).toContainText("Closed");
  await expect(student.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await student.fillSignIn(ana);
  await expect(student.page.getByRole("alert")).toHaveText("The username or the password is wrong.");

  await admin.page.getByLabel("State", { exact: true }).selectOption({ label: "Closed" });
  await expect(admin.page).toHaveURL(/state=closed/);
  await choose(admin, ana.name, "Open account again");
  await says(admin, `The account of ${ana.name} is open again.`);
  const again = await somebody();
  await again.visit("/sign-in");
  await again.fillSignIn(ana);
  await expect(again.page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${ana.name}`);
});

test("an admin signs somebody out everywhere, and makes a link for another password", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  const admin = await signedIn(await account("admin"), "/admin/people");
  await find(admin, ana.username);
  await choose(admin, ana.name, "Sign out everywhere");
  await admin.page
    .getByRole("dialog", { name: `Sign ${ana.name} out everywhere?` })
    .getByRole("button", { name: "Sign out everywhere" })
    .click();
  await expect(student.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await row(admin, ana.name).getByRole("button", { name: "Link for a new password" }).click();
  await linkOf(admin, ana.name);
  await admin.page.keyboard.press("Escape");
  await expect(admin.page.getByLabel("Link", { exact: true })).toBeHidden();
});

test("the list is filtered without a script", async ({ account, somebody }) => {
  const ana = await account("student");
  const tess = await account("teacher");
  const admin = await somebody({ javaScriptEnabled: false });
  await admin.visit("/admin/people");
  await admin.fillSignIn(await account("admin"));
  await admin.page.getByRole("search").getByLabel("Role", { exact: true }).selectOption({ label: "Teacher" });
  await admin.page.getByRole("button", { name: "Find", exact: true }).click();
  await expect(row(admin, tess.name)).toBeVisible();
  await expect(row(admin, ana.name)).toHaveCount(0);
  await find(admin, "nobody-of-that-name");
  await expect(admin.page.getByText("Nobody found")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the page of people, ${colorScheme}`, async ({ account, signedIn }, info) => {
    const me = await account("admin");
    const admin = await signedIn(me, "/admin/people", { colorScheme });
    await expect(admin.page).toHaveTitle(/People – /);
    await find(admin, me.username);
    await isFine(admin);
    await admin.page.getByLabel(`More about ${me.name}`, { exact: true }).click();
    await isFine(admin);
    await admin.page.screenshot({ path: info.outputPath("people.png"), fullPage: true });
  });
}

test("the page of people does not exist for others", async ({ account, signedIn }) => {
  for (const role of ["student", "agent"] as const) {
    const person = await signedIn(await account(role));
    person.guard.allow(/status of 40[34]/);
    await person.visit("/admin/people");
    await expect(person.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  }
});
