// Signing in and out, with and without a script.

import { expect, test } from "../fixtures.ts";

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`one signs in and out ${how} a script`, async ({ account, somebody }) => {
    const ana = await account("student");
    const student = await somebody({ javaScriptEnabled });
    await student.visit("/");
    await expect(student.page).toHaveURL(/\/sign-in$/);
    await student.fillSignIn(ana);
    await expect(student.page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${ana.name}`);
    await expect(student.page.getByText("You have read everything.")).toBeVisible();

    await student.openMenu();
    await student.page.getByRole("button", { name: "Sign out" }).click();
    await expect(student.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await student.visit("/");
    await expect(student.page).toHaveURL(/\/sign-in$/);
  });

  test(`a wrong password is told ${how} a script, and the same as a wrong name`, async ({ account, somebody }) => {
    const ana = await account("student");
    const student = await somebody({ javaScriptEnabled });
    for (const wrong of [{ ...ana, password: "not my password" }, { ...ana, username: `no-${ana.username}` }]) {
      await student.visit("/sign-in");
      await student.fillSignIn(wrong);
      await expect(student.page.getByRole("alert")).toHaveText("The username or the password is wrong.");
    }
    await student.fillSignIn(ana);
    await expect(student.page.getByRole("heading", { name: `Hello, ${ana.name}` })).toBeVisible();
  });

  test(`signing in leads to where one wanted to go ${how} a script`, async ({ account, somebody }) => {
    const nora = await account("agent");
    const agent = await somebody({ javaScriptEnabled });
    await agent.visit("/admin/chat");
    await expect(agent.page).toHaveURL(/\/sign-in\?next=/);
    await agent.fillSignIn(nora, "wrong the first time");
    await expect(agent.page.getByRole("alert")).toBeVisible();
    await agent.fillSignIn(nora);
    await expect(agent.page).toHaveURL(/\/admin\/chat$/);
    await expect(agent.page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  });
}

test("signing in never leads to another site", async ({ account, somebody, server }) => {
  const ana = await account("student");
  const student = await somebody();
  await student.visit("/sign-in?next=//elsewhere.example/");
  await student.fillSignIn(ana);
  await expect(student.page.getByRole("heading", { name: `Hello, ${ana.name}` })).toBeVisible();
  expect(student.page.url()).toBe(`${server.url}/`);
});

test("a signed-in person who opens the sign-in page comes to the start page", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.visit("/sign-in");
  await expect(student.page.getByRole("heading", { level: 1 })).toContainText("Hello,");
});

test("the inbox does not exist for a student", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  student.guard.allow(/status of 404/);
  for (const path of ["/admin/chat", "/admin/chat/1", "/no-such-page"]) {
    const answer = await student.page.request.get(new URL(path, student.page.url()).href);
    expect(answer.status(), path).toBe(404);
    await student.visit(path);
    await expect(student.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  }
});

test("a conversation that does not exist is not found", async ({ account, signedIn }) => {
  const agent = await signedIn(await account("agent"));
  agent.guard.allow(/status of 404/);
  for (const id of ["999999999", "abc", "-1"]) {
    const answer = await agent.page.request.get(new URL(`/admin/chat/${id}`, agent.page.url()).href);
    expect(answer.status(), id).toBe(404);
    await agent.visit(`/admin/chat/${id}`);
    await expect(agent.page.getByText("Nothing here")).toBeVisible();
  }
});

test("signing out in one tab ends the other", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  const tab = await student.anotherTab();
  await tab.open("/");
  await student.openMenu();
  await student.page.getByRole("button", { name: "Sign out" }).click();
  await expect(student.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(tab.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the session's cookie cannot be read by scripts", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  const cookies = await student.context.cookies();
  const session = cookies.find(({ name }) => name === "quad_session");
  expect([session?.sameSite, session?.httpOnly]).toEqual(["Lax", true]);
  expect(cookies.filter(({ httpOnly }) => !httpOnly)).toEqual([]);
  expect(await student.page.evaluate(() => document.cookie)).not.toContain(session?.value);
});
