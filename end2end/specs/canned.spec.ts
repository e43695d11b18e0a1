// Texts that those who answer keep ready.

import { expect, test, type Person } from "../fixtures.ts";

/** Names are of this test alone: others share the desk. */
let namesGiven = 0;
function someName(): string {
  namesGiven += 1;
  return `reply-${process.pid}-${namesGiven}`;
}

async function keeps(agent: Person, name: string, content: string): Promise<void> {
  await agent.page.getByLabel("Name", { exact: true }).fill(name);
  await agent.page.getByLabel("Text", { exact: true }).fill(content);
  await agent.page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(agent.page.getByRole("status").filter({ hasText: `/${name} is kept.` })).toBeVisible();
}

test("a slash and a name bring a text with both names in it", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("My card is lost");
  await student.sees("My card is lost", "Sent");

  const me = await account("agent");
  const agent = await signedIn(me, "/admin/replies");
  const name = someName();
  await keeps(agent, name, "Hello {name},\nask at the desk. {me}");
  await keeps(agent, `${name}-two`, "Another one");

  await agent.open("/admin/chat");
  await agent.openConversation(ana);
  await agent.composer.pressSequentially(`/${name}`);
  const list = agent.page.getByRole("listbox", { name: "Canned replies" });
  await expect(list.getByRole("option")).toHaveCount(2);
  await expect(list.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  await agent.isAccessible();
  await agent.fitsTheScreen();
  await agent.composer.press("ArrowDown");
  await expect(list.getByRole("option").last()).toHaveAttribute("aria-selected", "true");
  await agent.composer.press("ArrowUp");
  await agent.composer.press("Tab");
  const text = `Hello ${ana.name},\nask at the desk. ${me.name}`;
  await expect(agent.composer).toHaveValue(text);
  await expect(agent.composer).toBeFocused();
  await expect(list).toBeHidden();
  // It is a draft like any other.
  await agent.sendButton.click();
  await student.reads(["My card is lost", text]);
});

test("Escape closes the list for this word, and a click takes a text", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Hello");
  await student.sees("Hello", "Sent");
  // For those who ask a slash is a slash.
  await student.composer.fill("/");
  await expect(student.page.getByRole("listbox")).toHaveCount(0);

  const agent = await signedIn(await account("agent"), "/admin/replies");
  const name = someName();
  await keeps(agent, name, "Taken by a click");
  await agent.open("/admin/chat");
  await agent.openConversation(ana);
  const list = agent.page.getByRole("listbox", { name: "Canned replies" });
  await agent.composer.pressSequentially(`/${name}`);
  await expect(list).toBeVisible();
  await agent.composer.press("Escape");
  await expect(list).toBeHidden();
  await expect(agent.composer).toHaveValue(`/${name}`);
  await agent.composer.fill("");
  await agent.composer.pressSequentially(`/${name}`);
  await list.getByRole("option").click();
  await expect(agent.composer).toHaveValue("Taken by a click");
  await agent.composer.fill("/nothing-of-this-name");
  await expect(agent.page.getByText("No reply matches.")).toBeVisible();
});

test("one changes a text, lets it go, and has it back", async ({ account, signedIn }) => {
  const agent = await signedIn(await account("admin"), "/admin/replies");
  const name = someName();
  await keeps(agent, name, "First text");
  const row = agent.page.getByRole("listitem").filter({ has: agent.page.getByRole("heading", { name: `/${name}` }) });
  await row.getByRole("button", { name: `Change /${name}` }).click();
  await expect(agent.page.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(agent.page.getByLabel("Text", { exact: true })).toHaveValue("First text");
  await keeps(agent, name, "Second text");
  await expect(row).toContainText("Second text");
  await agent.isAccessible();
  await agent.fitsTheScreen();

  await row.getByRole("button", { name: `Delete /${name}` }).click();
  await expect(row).toBeHidden();
  await agent.page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Second text");
  await agent.reload();
  await expect(row).toContainText("Second text");
});

test("what is wrong stands beside its field", async ({ account, signedIn }) => {
  const agent = await signedIn(await account("agent"), "/admin/replies");
  const name = agent.page.getByLabel("Name", { exact: true });
  await agent.page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await name.fill("two words");
  await agent.page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(agent.page.locator("#name-problem")).toBeVisible();
  await name.fill(someName());
  await agent.page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(agent.page.locator("#content-problem")).toBeVisible();
  await agent.isAccessible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the page of canned replies, ${colorScheme}`, async ({ account, signedIn }) => {
    const agent = await signedIn(await account("agent"), "/admin/replies", { colorScheme });
    await expect(agent.page.getByRole("heading", { level: 1 })).toHaveText("Canned replies");
    await agent.isAccessible();
    await agent.fitsTheScreen();
  });
}

test("the page of canned replies does not exist for a student", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  student.guard.allow(/status of 40[34]/);
  await student.visit("/admin/replies");
  await expect(student.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
});
