// The inbox: where conversations stand, who takes care of them, and finding them again.

import { expect, test, type Person, type User } from "../fixtures.ts";

/** A student who has written one message. */
async function written(
  account: (role: User["role"]) => Promise<User>,
  signedIn: (user: User) => Promise<Person>,
  text: string,
): Promise<{ user: User; person: Person }> {
  const user = await account("student");
  const person = await signedIn(user);
  await person.openWidget();
  await person.write(text);
  await person.sees(text, "Sent");
  return { user, person };
}

test("what is resolved leaves the open ones, and comes back with the next message", async ({ account, signedIn }) => {
  const { user: ana, person: student } = await written(account, signedIn, "My card is lost");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  const rosa = await signedIn(await account("agent"), "/admin/chat");

  await expect(rosa.conversation(ana)).toContainText("Waiting since");
  await nora.openConversation(ana);
  await nora.write("A new one is on its way");
  await expect(rosa.conversation(ana)).not.toContainText("Waiting since");

  await nora.page.getByRole("button", { name: "Resolve" }).click();
  await expect(nora.standing).toHaveText("Resolved");
  await expect(rosa.conversation(ana)).toBeHidden();
  await rosa.filterBy("Resolved");
  await expect(rosa.conversation(ana)).toBeVisible();

  await student.write("It has come, thank you");
  await expect(nora.standing).toHaveText("Open");
  await expect(rosa.conversation(ana)).toBeHidden();
  await rosa.filterBy("Open");
  await expect(rosa.conversation(ana)).toContainText("It has come");
});

test("a conversation is put aside and opened again by the keyboard", async ({ account, signedIn }) => {
  const { user: ana } = await written(account, signedIn, "When is the excursion?");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  await nora.openConversation(ana);
  await nora.page.getByRole("button", { name: "Set to pending" }).press("Enter");
  await expect(nora.standing).toHaveText("Pending");
  await nora.page.getByRole("button", { name: "Reopen" }).press("Enter");
  await expect(nora.standing).toHaveText("Open");
});

test("somebody takes care of a conversation, and everybody sees who", async ({ account, signedIn }) => {
  const { user: ana } = await written(account, signedIn, "I cannot open my course");
  const me = await account("agent");
  const nora = await signedIn(me, "/admin/chat");
  const rosa = await signedIn(await account("admin"), "/admin/chat");
  await nora.openConversation(ana);
  await nora.assignee.selectOption({ label: me.name });
  await expect(rosa.conversation(ana)).toContainText(`Assigned to ${me.name}`);

  await rosa.choose("Assigned to", "Me");
  await expect(rosa.conversation(ana)).toBeHidden();
  await rosa.choose("Assigned to", "Anyone");
  await rosa.openConversation(ana);
  await expect(rosa.assignee.locator("option:checked")).toHaveText(me.name);
  await rosa.assignee.selectOption({ label: "Nobody" });
  await expect(nora.assignee.locator("option:checked")).toHaveText("Nobody");
});

test("who waits longest comes first", async ({ account, signedIn }) => {
  const { user: ana } = await written(account, signedIn, "First");
  const { user: ben } = await written(account, signedIn, "Second");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  // Other tests' students write meanwhile: only these two are looked at.
  const order = async () => {
    const links = await nora.page.getByRole("navigation", { name: "Conversations" }).getByRole("listitem").allInnerTexts();
    return [ana, ben].map((user) => links.findIndex((text) => text.includes(user.name)));
  };
  await expect(async () => {
    const [first, second] = await order();
    expect(second).toBeLessThan(first!);
  }).toPass();
  await nora.choose("Order", "Waiting longest");
  await expect(async () => {
    const [first, second] = await order();
    expect(first).toBeLessThan(second!);
  }).toPass();
});

test("the filter stands in the address and stays with it", async ({ account, signedIn }) => {
  const { user: ana } = await written(account, signedIn, "Hello");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  await nora.filterBy("All");
  await nora.page.getByRole("link", { name: "Unread", exact: true }).click();
  await nora.choose("Order", "Waiting longest");
  await expect(nora.page).toHaveURL(/\?status=all&order=waiting&unread=yes$/);
  await nora.openConversation(ana);
  await expect(nora.page).toHaveURL(/\/admin\/chat\/\d+\?status=all&order=waiting&unread=yes$/);
  await nora.reload();
  await expect(nora.composer).toBeVisible();
  await nora.page.goBack();
  await expect(nora.page.getByRole("link", { name: "All", exact: true })).toHaveAttribute("aria-current", "true");
  await expect(nora.page.getByRole("combobox", { name: "Order" })).toHaveValue("waiting");
});

test("the filter works without a script", async ({ account, signedIn, somebody }) => {
  const { user: ana } = await written(account, signedIn, "Is anybody there?");
  const nora = await somebody({ javaScriptEnabled: false });
  await nora.visit("/admin/chat");
  await nora.fillSignIn(await account("agent"));
  await expect(nora.conversation(ana)).toBeVisible();
  await nora.filterBy("Pending");
  await expect(nora.conversation(ana)).toBeHidden();
  await nora.filterBy("All");
  await nora.conversation(ana).click();
  await expect(nora.message("Is anybody there?")).toBeVisible();
});

test("a conversation is found by a part of its person's name", async ({ account, signedIn }) => {
  const { user: ana } = await written(account, signedIn, "Hello");
  const { user: ben } = await written(account, signedIn, "Hello too");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  await expect(nora.conversation(ben)).toBeVisible();
  await nora.page.getByRole("searchbox", { name: "Filter by name" }).fill(ana.name.toUpperCase());
  await expect(nora.conversation(ben)).toBeHidden();
  await expect(nora.conversation(ana)).toBeVisible();
  await nora.page.getByRole("searchbox", { name: "Filter by name" }).fill("nobody has this name");
  await expect(nora.page.getByText("No conversation matches.")).toBeVisible();
});

test("the person stands beside the conversation, or a button away", async ({ account, signedIn, isMobile }) => {
  const { user: ana } = await written(account, signedIn, "Hello");
  const nora = await signedIn(await account("agent"), "/admin/chat");
  await nora.openConversation(ana);
  const panel = nora.page.getByRole("complementary", { name: "About this person" });
  if (isMobile) {
    const about = nora.page.getByRole("button", { name: `About ${ana.name}` });
    await expect(panel).toBeHidden();
    await about.click();
    await expect(panel).toContainText(ana.username);
    await nora.isAccessible();
    await nora.fitsTheScreen();
    await panel.getByRole("button", { name: "Hide" }).press("Escape");
    await expect(panel).toBeHidden();
    await expect(about).toBeFocused();
  } else {
    await expect(panel).toContainText(ana.username);
    await nora.isAccessible();
  }
});
