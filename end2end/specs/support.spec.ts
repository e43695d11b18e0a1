// A student and a member of staff talk: widget on one side, inbox on the other.

import { expect, stored, test } from "../fixtures.ts";

test("a student and an agent talk", async ({ account, signedIn }) => {
  const ana = await account("student");
  const nora = await account("agent");
  const agent = await signedIn(nora, "/admin/chat");
  const student = await signedIn(ana);

  await student.openWidget();
  await student.write("Good morning");
  await student.sees("Good morning", stored);
  await student.write("I cannot open my course");

  await expect(agent.conversation(ana)).toContainText("I cannot open my course");
  await expect(agent.conversation(ana)).toContainText("Unread: 2");
  await agent.openConversation(ana);
  await agent.reads(["Good morning", "I cannot open my course"]);
  await student.sees("I cannot open my course", "Read");

  await agent.write("Which course is it?");
  await agent.write("And what do you see?");
  const whole = ["Good morning", "I cannot open my course", "Which course is it?", "And what do you see?"];
  await student.reads(whole);
  await agent.reads(whole);
  await agent.sees("And what do you see?", "Read");

  await student.reload();
  await student.reads(whole);
  await agent.reload();
  await agent.reads(whole);
});

test("a message is sent, delivered, and read", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Is anybody there?");
  await student.sees("Is anybody there?", "Sent");

  // Whoever answers comes, and is elsewhere in the app.
  const agent = await signedIn(await account("agent"), "/admin/replies");
  await student.sees("Is anybody there?", "Delivered");
  await student.write("I cannot open my course");
  await student.sees("I cannot open my course", "Delivered");
  await student.isAccessible();
  await student.reload();
  await student.sees("I cannot open my course", "Delivered");

  await agent.open("/admin/chat");
  await agent.openConversation(ana);
  await agent.reads(["Is anybody there?", "I cannot open my course"]);
  for (const text of ["Is anybody there?", "I cannot open my course"]) await student.sees(text, "Read");
});

test("each sees when the other is typing", async ({ account, signedIn }) => {
  const ana = await account("student");
  const nora = await account("agent");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Hello");
  const agent = await signedIn(nora, "/admin/chat");
  await agent.openConversation(ana);
  await agent.reads(["Hello"]);

  await student.composer.pressSequentially("I have a ques");
  await expect(agent.page.getByText(`${ana.name} is typing`)).toBeVisible();
  await student.composer.fill("");
  await expect(agent.page.getByText(`${ana.name} is typing`)).toBeHidden();

  await agent.composer.pressSequentially("How can I he");
  await expect(student.page.getByText(`${nora.name} is typing`)).toBeVisible();
  await agent.composer.fill("How can I help?");
  await agent.sendButton.click();
  await student.reads(["Hello", "How can I help?"]);
  await expect(student.page.getByText(`${nora.name} is typing`)).toBeHidden();
});

test("a minimised widget counts what comes, and reads it when it opens", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Is anybody there?");
  await student.sees("Is anybody there?", "Sent");
  await student.minimiseWidget();

  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.openConversation(ana);
  await agent.write("Yes");
  await agent.write("Go on");
  await expect(student.page.getByRole("button", { name: "Open support chat, 2 unread" })).toBeVisible();
  await agent.sees("Go on", "Delivered");

  await student.openWidget();
  await student.reads(["Is anybody there?", "Yes", "Go on"]);
  await agent.sees("Go on", "Read");
  await student.minimiseWidget();
  await expect(student.page.getByRole("button", { name: "Open support chat", exact: true })).toBeVisible();
});

test("an agent finds what was written while nobody was there", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("For tomorrow");
  await student.sees("For tomorrow", "Sent");
  await student.context.close();

  const agent = await signedIn(await account("agent"), "/admin/chat");
  await expect(agent.conversation(ana)).toContainText("Unread: 1");
  await agent.openConversation(ana);
  await agent.reads(["For tomorrow"]);
  // On a phone the list is hidden meanwhile.
  const link = agent.page.getByRole("link", { name: ana.name, includeHidden: true });
  await expect(link).not.toContainText("Unread");
});

test("two agents and two tabs of a student show one conversation", async ({ account, signedIn }) => {
  const ana = await account("student");
  const first = await signedIn(ana);
  const second = await first.anotherTab();
  await second.open("/");
  await first.openWidget();
  await second.openWidget();
  const nora = await signedIn(await account("agent"), "/admin/chat");
  const rosa = await signedIn(await account("admin"), "/admin/chat");

  await first.write("one");
  await second.reads(["one"]);
  await second.write("two");
  await nora.openConversation(ana);
  await rosa.openConversation(ana);
  await nora.write("three");
  await first.reads(["one", "two", "three"]);
  await rosa.write("four");
  for (const person of [first, second, nora, rosa]) await person.reads(["one", "two", "three", "four"]);
});

test("students do not see each other's conversations", async ({ account, signedIn }) => {
  const ana = await signedIn(await account("student"));
  await ana.openWidget();
  await ana.write("Only for support");
  await ana.sees("Only for support", "Sent");
  const kofi = await signedIn(await account("student"));
  await kofi.openWidget();
  await expect(kofi.page.getByText("How can we help?")).toBeVisible();
  await expect(kofi.messages).toHaveCount(0);
});
