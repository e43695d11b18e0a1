// One's own account: making it, where one is signed in, and the password.

import { expect, type Person, test, type User } from "../fixtures.ts";

interface Typed {
  name: string;
  username: string;
  email?: string;
  password: string;
}

async function fillRegister({ page }: Person, { name, username, email = "", password }: Typed): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("E-mail address (optional)").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** The rows of the list of devices. */
function devices({ page }: Person) {
  return page.getByRole("region", { name: "Your devices" }).getByRole("listitem");
}

async function changePassword({ page }: Person, from: string, to: string): Promise<void> {
  await page.getByLabel("Present password").fill(from);
  await page.getByLabel("New password").fill(to);
  await page.getByRole("button", { name: "Change password" }).click();
}

async function isFine(person: Person): Promise<void> {
  // What lies half under the bar that stays at the top counts as too small to be hit.
  await person.page.evaluate(() => window.scrollTo(0, 0));
  await person.isAccessible();
  await person.fitsTheScreen();
}

let registered = 0;

function someUsername(): string {
  registered += 1;
  return `new-${process.pid}-${registered}`;
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`one makes an account and is signed in ${how} a script`, async ({ somebody }) => {
    const visitor = await somebody({ javaScriptEnabled });
    await visitor.visit("/sign-in");
    await visitor.page.getByRole("link", { name: "Create one" }).click();
    await expect(visitor.page.getByRole("heading", { level: 1 })).toHaveText("Create an account");
    await fillRegister(visitor, { name: "Noor K.", username: someUsername(), password: "a long password" });
    await expect(visitor.page.getByRole("heading", { level: 1 })).toHaveText("Hello, Noor K.");
  });

  test(`what is wrong stands beside its field, and what was typed stays, ${how} a script`, async ({ account, somebody }) => {
    const ana = await account("student");
    const visitor = await somebody({ javaScriptEnabled });
    await visitor.visit("/register");
    await fillRegister(visitor, { name: "Ana <b>", username: ana.username, email: "ana@school.example", password: "a long password" });
    const { page } = visitor;
    await expect(page.getByRole("alert")).toHaveText("Please correct what is marked below.");
    await expect(page.getByLabel("Username")).toHaveAccessibleDescription(/Somebody else has this username already/);
    await expect(page.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Username")).toHaveValue(ana.username);
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ana <b>");
    await expect(page.getByLabel("E-mail address (optional)")).toHaveValue("ana@school.example");
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await fillRegister(visitor, { name: "Ana <b>", username: someUsername(), password: "short" });
    await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/Please use at least 10 characters/);
  });
}

test("one signs out another device, and its page says so", async ({ account, signedIn }) => {
  const ana = await account("student");
  const laptop = await signedIn(ana);
  const phone = await signedIn(ana);
  await laptop.openMenu();
  await laptop.page.getByRole("link", { name: "Account and devices" }).click();
  await expect(laptop.page.getByRole("heading", { level: 1 })).toHaveText("Account");
  await expect(laptop.page).toHaveTitle(/Account – /);
  await expect(laptop.page.getByRole("radio", { name: "System" })).toBeHidden();
  await expect(devices(laptop)).toHaveCount(2);
  await expect(devices(laptop).filter({ hasText: "This device" })).toHaveCount(1);
  await expect(devices(laptop).first()).toContainText(/Chrome on Linux|Chrome on Android/);

  const other = devices(laptop).filter({ hasNotText: "This device" });
  await other.getByRole("button", { name: /^Sign out: Chrome/ }).click();
  await expect(laptop.page.getByRole("status").filter({ hasText: "Signed out: Chrome" })).toBeVisible();
  await expect(devices(laptop)).toHaveCount(1);
  await expect(laptop.page.getByRole("heading", { name: "Your devices" })).toBeFocused();
  await expect(laptop.page.getByRole("button", { name: "Sign out everywhere else" })).toBeHidden();
  await expect(phone.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("one signs out everywhere else by the keyboard", async ({ account, signedIn }) => {
  const ana = await account("student");
  const [one, two, here] = [await signedIn(ana), await signedIn(ana), await signedIn(ana, "/account")];
  await expect(devices(here)).toHaveCount(3);
  await here.page.getByRole("button", { name: "Sign out everywhere else" }).focus();
  await here.page.keyboard.press("Enter");
  await expect(devices(here)).toHaveCount(1);
  await expect(here.page.getByRole("status").filter({ hasText: "Signed out everywhere else." })).toBeVisible();
  for (const elsewhere of [one, two]) {
    await expect(elsewhere.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  }
  await here.reload();
  await expect(devices(here)).toHaveCount(1);
});

test("one signs out this device from the list", async ({ account, signedIn }) => {
  const here = await signedIn(await account("student"), "/account");
  await here.page.getByRole("button", { name: "Sign out: this device" }).click();
  await expect(here.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("one changes the password", async ({ account, signedIn, somebody }) => {
  const ana = await account("student");
  const elsewhere = await signedIn(ana);
  const here = await signedIn(ana, "/account");
  const { page } = here;

  await changePassword(here, "not my password", "a new long password");
  await expect(page.getByLabel("Present password")).toHaveAccessibleDescription("This is not your present password.");
  await expect(page.getByLabel("Present password")).toBeFocused();
  await changePassword(here, ana.password, "short");
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/^Please use at least 10 characters./);
  await expect(page.getByLabel("New password")).toBeFocused();
  await expect(page.getByLabel("Present password")).not.toHaveAttribute("aria-invalid", "true");
  await changePassword(here, ana.password, "a new long password");
  await expect(page.getByRole("status").filter({ hasText: "Your password is changed." })).toBeVisible();
  await expect(page.getByLabel("Present password")).toHaveValue("");
  await expect(elsewhere.page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  const visitor = await somebody();
  await visitor.visit("/sign-in");
  await visitor.fillSignIn(ana);
  await expect(visitor.page.getByRole("alert")).toHaveText("The username or the password is wrong.");
  await visitor.fillSignIn(ana, "a new long password");
  await expect(visitor.page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${ana.name}`);
});

test("the account page leads back to itself over signing in", async ({ account, somebody }) => {
  const nora = await account("agent");
  const staff = await somebody();
  await staff.visit("/account");
  await expect(staff.page).toHaveURL(/\/sign-in\?next=/);
  await staff.fillSignIn(nora);
  await expect(staff.page.getByRole("heading", { name: "Your devices" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the account page and its states, ${colorScheme}`, async ({ account, signedIn }, info) => {
    const ana: User = await account("student");
    await signedIn(ana);
    const here = await signedIn(ana, "/account", { colorScheme });
    await expect(devices(here)).toHaveCount(2);
    await isFine(here);
    await changePassword(here, "not my password", "a new long password");
    await expect(here.page.getByLabel("Present password")).toHaveAttribute("aria-invalid", "true");
    await isFine(here);
    await here.page.screenshot({ path: info.outputPath("account.png"), fullPage: true });
    await here.openMenu();
    await isFine(here);
    await here.page.screenshot({ path: info.outputPath("menu.png") });
  });

  test(`the register page and its states, ${colorScheme}`, async ({ account, somebody }, info) => {
    const ana = await account("student");
    const visitor = await somebody({ colorScheme });
    await visitor.visit("/register");
    await isFine(visitor);
    await fillRegister(visitor, { name: "", username: ana.username, email: "nonsense", password: "short" });
    await expect(visitor.page.getByRole("alert")).toBeVisible();
    await isFine(visitor);
    await visitor.page.screenshot({ path: info.outputPath("register.png"), fullPage: true });
    await visitor.visit("/sign-in");
    await isFine(visitor);
    await visitor.page.screenshot({ path: info.outputPath("sign-in.png"), fullPage: true });
  });
}

test("the account page reads from right to left", async ({ server, signedIn }, info) => {
  const user = await server.addUser("student", "ليلى", ["--language", "ar"]);
  const here = await signedIn(user, "/account");
  await expect(here.page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(here.page.getByRole("heading", { name: "أجهزتك" })).toBeVisible();
  await isFine(here);
  await here.page.screenshot({ path: info.outputPath("account-ar.png"), fullPage: true });
});
