// The keyboard at a desk: everything can be reached, and Enter sends.

import { expect, type Person, test } from "../fixtures.ts";

test("everything works by the keyboard alone", async ({ account, somebody }) => {
  const ana = await account("student");
  const student = await somebody();
  const { keyboard } = student.page;
  await student.visit("/sign-in");
  await tabTo(student, "Username");
  await keyboard.type(ana.username);
  await tabTo(student, "Password");
  await keyboard.type(ana.password);
  await student.guard.arrive(() => keyboard.press("Enter"));

  await tabTo(student, "Open support chat");
  await keyboard.press("Enter");
  await expect(student.composer).toBeFocused();
  await keyboard.type("By hand");
  await keyboard.press("Enter");
  await student.sees("By hand", "Sent");
  await keyboard.press("Escape");
  await expect(student.panel).toBeHidden();
  await expect(student.widgetButton).toBeFocused();

  await tabTo(student, "Account");
  await keyboard.press("Enter");
  await tabTo(student, "Sign out");
  await keyboard.press("Enter");
  await expect(student.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the first key leads past the bar to the content", async ({ account, signedIn }) => {
  const agent = await signedIn(await account("agent"));
  await agent.page.keyboard.press("Tab");
  await expect(agent.page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await agent.page.keyboard.press("Enter");
  await expect(agent.page.getByRole("main")).toBeFocused();
});

test("the arrow keys walk through the conversations", async ({ account, signedIn }) => {
  const students = [];
  for (const text of ["first", "second"]) {
    const user = await account("student");
    const student = await signedIn(user);
    await student.openWidget();
    await student.write(text);
    await student.sees(text, "Sent");
    students.push(user);
  }
  const [older, newer] = students;
  if (older === undefined || newer === undefined) throw new Error("there are two");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.conversation(newer).focus();
  await agent.page.keyboard.press("ArrowDown");
  await expect(agent.conversation(older)).toBeFocused();
  await agent.page.keyboard.press("ArrowUp");
  await expect(agent.conversation(newer)).toBeFocused();
  await agent.page.keyboard.press("Enter");
  await agent.reads(["second"]);
});

test("the arrow keys walk through the messages, which are one stop of Tab", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  const texts = ["first", "second https://example.org", "third"];
  for (const text of texts) {
    await student.write(text);
    await student.sees(text, "Sent");
  }
  const { keyboard } = student.page;
  const row = (at: number) => student.messages.nth(at);
  await student.composer.press("Shift+Tab");
  await expect(row(2)).toBeFocused();
  await keyboard.press("ArrowUp");
  await expect(row(1)).toBeFocused();
  await keyboard.press("Tab");
  await expect(row(1).getByRole("link")).toBeFocused();
  await keyboard.press("ArrowDown");
  await expect(row(2)).toBeFocused();
  await keyboard.press("Home");
  await expect(row(0)).toBeFocused();
  await keyboard.press("End");
  await expect(row(2)).toBeFocused();
  await keyboard.press("ArrowUp");
  await student.isAccessible();
  // Back to writing; the panel stays.
  await keyboard.press("Escape");
  await expect(student.composer).toBeFocused();
  await expect(student.panel).toBeVisible();
});

test("a letter goes to the open conversation wherever the focus is", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.write("Hello");
  await student.sees("Hello", "Sent");
  await student.messages.last().focus();
  await student.page.keyboard.type("how are you");
  await expect(student.composer).toHaveValue("how are you");
  await student.minimiseWidget();
  await student.page.keyboard.type("nobody");
  await student.openWidget();
  await expect(student.composer).toHaveValue("how are you");
});

test("F6 goes round the regions of the inbox", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Hello");
  await student.sees("Hello", "Sent");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.openConversation(ana);
  await agent.composer.focus();
  const { keyboard } = agent.page;
  const panel = agent.page.getByRole("complementary", { name: "About this person" });
  await keyboard.press("F6");
  await expect(panel).toBeFocused();
  await keyboard.press("F6");
  await expect(agent.page.getByRole("banner").locator(":focus")).toHaveCount(1);
  await keyboard.press("F6");
  await expect(agent.page.getByRole("navigation", { name: "Conversations" }).locator(":focus")).toHaveCount(1);
  await keyboard.press("F6");
  await expect(agent.messages.last()).toBeFocused();
  await keyboard.press("F6");
  await expect(agent.composer).toBeFocused();
  await keyboard.press("Shift+F6");
  await expect(agent.messages.last()).toBeFocused();
});

test("Shift and Enter begin a new line", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.composer.press("Enter");
  await expect(student.messages).toHaveCount(0);
  await student.composer.pressSequentially("first line");
  await student.composer.press("Shift+Enter");
  await student.composer.pressSequentially("second line");
  await expect(student.composer).toHaveValue("first line\nsecond line");
  await student.composer.press("Enter");
  await student.reads(["first line\nsecond line"]);
});

test("Enter that ends an input method's composition does not send", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.composer.focus();
  const devtools = await student.context.newCDPSession(student.page);
  await devtools.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
  await expect(student.composer).toHaveValue("にほん");
  await student.page.keyboard.press("Enter");
  await expect(student.messages).toHaveCount(0);
  await devtools.send("Input.insertText", { text: "日本" });
  await expect(student.composer).toHaveValue(/日本/);
  await student.composer.press("Enter");
  await expect(student.messages).toHaveCount(1);
});

/** Presses Tab until the focus is on what has this name. */
async function tabTo(person: Person, name: string): Promise<void> {
  const target = person.page.getByLabel(name, { exact: true }).or(person.page.getByRole("button", { name, exact: true })).first();
  for (let pressed = 0; pressed < 40; pressed += 1) {
    await person.page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${name} cannot be reached by Tab`);
}
