// Searching messages: while typing, by filters, into the context and back to the same place.

import { expect, test, type Person } from "../fixtures.ts";

function hits(person: Person) {
  return person.page.getByRole("region", { name: "Results" }).getByRole("listitem");
}

function field(person: Person) {
  return person.page.getByRole("searchbox", { name: "Search messages" });
}

/** A student with a support conversation of these texts. */
async function says(student: Person, texts: string[]): Promise<void> {
  await student.open("/contact");
  await expect(student.composer).toBeVisible();
  await student.writeMany(texts);
}

test("what is typed is found after a pause, marked, opened in its context, and returned to", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  const before = Array.from({ length: 60 }, (_, n) => `Before ${n}`);
  const after = Array.from({ length: 60 }, (_, n) => `After ${n}`);
  await says(student, [...before, "Where is the swimming pool?", ...after, "The swimming starts at nine"]);

  await student.page.getByRole("link", { name: "Search", exact: true }).click();
  await expect(student.page.getByText("Search what was written")).toBeVisible();
  await student.isAccessible();
  await field(student).pressSequentially("swim");
  await expect(hits(student)).toHaveCount(2);
  await expect(hits(student).first().locator("mark")).toHaveText("swim");
  await expect(student.page).toHaveURL(/\/search\?q=swim$/);
  await student.isAccessible();
  await student.fitsTheScreen();

  await hits(student).nth(1).getByRole("link").click();
  await expect(student.message("Where is the swimming pool?")).toBeInViewport();
  await expect(student.message("After 59")).not.toBeInViewport();
  await student.isAccessible();
  await student.page.goBack();
  await expect(field(student)).toHaveValue("swim");
  await expect(hits(student).nth(1).getByRole("link")).toBeFocused();

  // From an old part of the conversation the end is one press away.
  await hits(student).nth(1).getByRole("link").click();
  await student.page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(student.message("The swimming starts at nine")).toBeInViewport();
});

test("filters are links that can be taken off, and nothing found is said", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await says(student, ["See https://example.org/exam", "The exam is hard"]);
  await student.open("/search?q=exam");
  await expect(hits(student)).toHaveCount(2);
  await student.page.getByRole("link", { name: "With a link", exact: true }).click();
  await expect(hits(student)).toHaveCount(1);
  await student.page.getByRole("link", { name: "Remove filter: With a link" }).click();
  await expect(hits(student)).toHaveCount(2);
  await field(student).fill("nobody ever wrote this");
  await field(student).press("Enter");
  await expect(student.page.getByText("Nothing found")).toBeVisible();
  await student.isAccessible();
});

test("whoever answers finds it and opens it in the inbox", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  const word = `library${Date.now()}`;
  await says(student, [`About the ${word}`]);
  const agent = await signedIn(await account("agent"), `/search?q=${word}`);
  await expect(hits(agent)).toHaveCount(1);
  await expect(hits(agent)).toContainText(ana.name);
  await hits(agent).getByRole("link").click();
  await expect(agent.page).toHaveURL(/\/admin\/chat\/\d+\?message=\d+$/);
  await expect(agent.message(`About the ${word}`)).toBeInViewport();

  // In that conversation alone.
  await agent.page.getByRole("link", { name: "Search in this conversation" }).click();
  await expect(agent.page.getByRole("link", { name: `Remove filter: In: ${ana.name}` })).toBeVisible();
});

test("the page works without a script", async ({ account, signedIn, browser }) => {
  const student = await signedIn(await account("student"));
  await says(student, ["The canteen is closed"]);
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await student.context.storageState(),
  });
  const page = await context.newPage();
  await page.goto(new URL("/search", student.page.url()).href);
  await page.getByRole("searchbox", { name: "Search messages" }).fill("canteen");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.locator("mark")).toHaveText("canteen");
  await context.close();
});
