// What every page must be, in light and dark: accessible, no wider than the screen, quiet on its console.

import { expect, type Person, test, type User } from "../fixtures.ts";

// Accounts of the demo, which brings conversations of every kind.
const ana = demo("ana", "Ana Petrović", "student");
const agent = demo("agent", "Nora Lindqvist", "agent");

function demo(username: string, name: string, role: User["role"]): User {
  return { username, name, role, password: "quad-demo-1" };
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.beforeEach(async ({ server }) => server.addDemo());

    test("the sign-in page", async ({ somebody }) => {
      const visitor = await somebody({ colorScheme });
      await visitor.visit("/sign-in?error=wrong_credentials");
      await expect(visitor.page.getByRole("alert")).toBeVisible();
      await isFine(visitor);
    });

    test("a student's start page, and the open widget", async ({ signedIn }) => {
      const student = await signedIn(ana, "/", { colorScheme });
      await isFine(student);
      await student.openWidget();
      await expect(student.messages.first()).toBeVisible();
      await isFine(student);
      await student.minimiseWidget();
      await student.openMenu();
      await isFine(student);
    });

    test("an empty conversation", async ({ account, signedIn }) => {
      const student = await signedIn(await account("student"), "/", { colorScheme });
      await student.openWidget();
      await isFine(student);
    });

    test("the inbox and a conversation", async ({ signedIn }) => {
      const staff = await signedIn(agent, "/admin/chat", { colorScheme });
      await isFine(staff);
      await staff.openConversation(ana);
      await expect(staff.messages.first()).toBeVisible();
      await isFine(staff);
    });

    test("an agent's start page", async ({ signedIn }) => {
      await isFine(await signedIn(agent, "/", { colorScheme }));
    });

    test("the page for what is not there", async ({ signedIn }) => {
      const student = await signedIn(ana, "/", { colorScheme });
      student.guard.allow(/status of 404/);
      await student.visit("/no-such-page");
      await expect(student.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
      await isFine(student);
    });
  });
}

async function isFine(person: Person): Promise<void> {
  await person.isAccessible();
  await person.fitsTheScreen();
}

test("a page has its own title and one main heading", async ({ account, signedIn }) => {
  const nora = await signedIn(await account("agent"));
  await expect(nora.page).toHaveTitle(/Start page – /);
  await expect(nora.page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await nora.open("/admin/chat");
  await expect(nora.page).toHaveTitle(/Inbox – /);
  await expect(nora.page.getByRole("heading", { level: 1 })).toHaveCount(1);
});

test("a theme holds after a reload, from the first byte on", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"), "/", { colorScheme: "light" });
  const html = student.page.locator("html");
  const light = await background(student);
  await student.chooseTheme("Dark");
  await expect(html).toHaveAttribute("data-theme", "dark");
  await expect.poll(() => background(student)).not.toBe(light);
  const dark = await background(student);

  // In what the server sends, so that no light page flashes up first.
  const answer = await student.page.request.get(student.page.url());
  expect(await answer.text()).toMatch(/<html[^>]* data-theme="dark"/);
  await student.reload();
  expect(await background(student)).toBe(dark);
  await student.chooseTheme("Light");
  await student.reload();
  expect(await background(student)).toBe(light);
});

async function background(person: Person): Promise<string> {
  return person.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

test("times are shown in the reader's own zone", async ({ account, signedIn }) => {
  // The reader's profile says UTC, the browser is in Tokyo, the server in New York.
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.write("What time is it?");
  await student.sees("What time is it?", "Sent");
  const time = student.message("What time is it?").locator("time");
  const sent = await time.getAttribute("datetime");
  await expect(time).toHaveText(new Date(sent ?? "").toISOString().slice(11, 16));
});
