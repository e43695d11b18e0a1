// What is written without a connection is kept, and arrives in order, once.

import { expect, stored, test } from "../fixtures.ts";

const waiting = "Waiting to be sent";

test("what is written offline is sent when the connection returns", async ({ account, signedIn }) => {
  const ana = await account("student");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  const student = await signedIn(ana);
  student.guard.allowOutage();
  await student.openWidget();
  await student.write("before");
  await student.sees("before", stored);
  await agent.openConversation(ana);

  await student.context.setOffline(true);
  for (const text of ["one", "two", "three"]) await student.write(text);
  for (const text of ["one", "two", "three"]) await student.sees(text, waiting);
  await expect(student.panel.getByRole("status").filter({ hasText: "No connection" })).toBeVisible();
  await agent.write("meanwhile");
  await agent.reads(["before", "meanwhile"]);

  await student.context.setOffline(false);
  // What was said meanwhile comes first: it was there first.
  const whole = ["before", "meanwhile", "one", "two", "three"];
  await student.reads(whole);
  await agent.reads(whole);
  for (const text of ["one", "two", "three"]) await expect(student.message(text)).not.toContainText(waiting);
});

test("what waits outlives its tab", async ({ account, signedIn }) => {
  const ana = await account("student");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  const student = await signedIn(ana);
  student.guard.allowOutage();
  await student.openWidget();
  await student.write("before");
  await student.sees("before", stored);
  await student.context.setOffline(true);
  for (const text of ["one", "two"]) await student.write(text);
  await student.sees("two", waiting);
  await student.page.close();

  await student.context.setOffline(false);
  const tab = await student.anotherTab();
  await tab.open("/");
  await agent.openConversation(ana);
  await agent.reads(["before", "one", "two"]);
  await tab.openWidget();
  await tab.reads(["before", "one", "two"]);
});

test("a broken line that nobody announced is noticed, and nothing is lost", async ({ account, signedIn, gate }) => {
  const ana = await account("student");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  const student = await signedIn(ana, "/", { at: gate.url });
  student.guard.allowOutage();
  await student.openWidget();
  await student.write("before");
  await student.sees("before", stored);
  await agent.openConversation(ana);

  gate.cut();
  for (const text of ["one", "two"]) await student.write(text);
  await student.sees("two", waiting);
  await agent.write("meanwhile");
  gate.mend();

  const whole = ["before", "meanwhile", "one", "two"];
  await student.reads(whole);
  await agent.reads(whole);
});

test("a message whose acknowledgement was lost is there once", async ({ account, signedIn, gate }) => {
  const ana = await account("student");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  const student = await signedIn(ana, "/", { at: gate.url });
  student.guard.allowOutage();
  await student.openWidget();
  await student.write("before");
  await student.sees("before", stored);
  await agent.openConversation(ana);

  gate.deafen();
  await student.write("did you get this?");
  await agent.reads(["before", "did you get this?"]);
  await student.sees("did you get this?", "Sending");
  gate.cut();
  await student.sees("did you get this?", waiting);
  gate.mend();

  await expect(student.message("did you get this?")).not.toContainText(waiting, { timeout: 20_000 });
  await student.write("after");
  await agent.reads(["before", "did you get this?", "after"]);
  await student.reads(["before", "did you get this?", "after"]);
});

test("a server that is started again finds everybody back, with what they wrote", async ({ account, signedIn, server }) => {
  const ana = await account("student");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  const student = await signedIn(ana);
  for (const person of [student, agent]) person.guard.allowOutage();
  await student.openWidget();
  await student.write("before");
  await agent.openConversation(ana);
  await agent.reads(["before"]);

  await server.stop();
  await student.write("from the student");
  await agent.write("from the agent");
  await student.sees("from the student", waiting);
  await agent.sees("from the agent", waiting);
  await server.start();

  await expect.poll(async () => (await agent.texts()).toSorted(), { timeout: 30_000 }).toEqual(
    ["before", "from the agent", "from the student"],
  );
  await expect(student.messages.filter({ hasText: waiting })).toHaveCount(0, { timeout: 30_000 });
  await student.reads(await agent.texts());
});

test("a message that waits can be given up", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  student.guard.allowOutage();
  await student.openWidget();
  await student.context.setOffline(true);
  await student.write("on second thought");
  await student.sees("on second thought", waiting);
  await student.message("on second thought").getByRole("button", { name: "Do not send" }).click();
  await expect(student.messages).toHaveCount(0);
  const before = student.guard.greetings;
  await student.context.setOffline(false);
  await student.guard.greeted(before);
  await student.write("this one");
  await student.sees("this one", "Sent");
  await student.reads(["this one"]);
});

test("signing out with unsent messages asks first", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  student.guard.allowOutage();
  await student.openWidget();
  await student.context.setOffline(true);
  await student.write("not yet sent");
  await student.sees("not yet sent", waiting);
  await student.minimiseWidget();
  await student.openMenu();
  await student.page.getByRole("button", { name: "Sign out" }).click();
  const dialog = student.page.getByRole("dialog", { name: "Sign out with unsent messages?" });
  await expect(dialog).toContainText("Waiting to be sent: 1");
  await student.isAccessible();
  await dialog.getByRole("button", { name: "Stay signed in" }).click();
  await expect(dialog).toBeHidden();
  await student.context.setOffline(false);
  await student.openWidget();
  await student.sees("not yet sent", "Sent");
});
