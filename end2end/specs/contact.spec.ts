// The own support conversation as a page.

import { expect, test } from "../fixtures.ts";

test("the page and the widget show one conversation", async ({ account, signedIn }) => {
  const ana = await account("student");
  const student = await signedIn(ana, "/contact");
  await expect(student.composer).toBeVisible();
  await expect(student.widgetButton).toBeHidden();
  await student.write("Good morning");
  await student.sees("Good morning", "Sent");

  const agent = await signedIn(await account("agent"), "/admin/chat");
  await agent.openConversation(ana);
  await agent.write("Good morning, Ana");
  await student.reads(["Good morning", "Good morning, Ana"]);
  await agent.sees("Good morning, Ana", "Read");

  await student.page.getByRole("banner").getByRole("link").first().click();
  await student.openWidget();
  await student.reads(["Good morning", "Good morning, Ana"]);
  await student.write("One more thing");
  await student.panel.getByRole("link", { name: "Open as a page" }).click();
  await expect(student.panel).toBeHidden();
  await student.reads(["Good morning", "Good morning, Ana", "One more thing"]);
  await student.page.goBack();
  await expect(student.panel).toBeVisible();
  await student.reads(["Good morning", "Good morning, Ana", "One more thing"]);

  await student.open("/contact");
  await student.reads(["Good morning", "Good morning, Ana", "One more thing"]);
});

test("without a script the button leads to the conversation", async ({ account, signedIn, somebody }) => {
  const ana = await account("student");
  const student = await signedIn(ana);
  await student.openWidget();
  await student.write("Written before");
  await student.sees("Written before", "Sent");

  const reader = await somebody({ javaScriptEnabled: false });
  await reader.visit("/sign-in");
  await reader.fillSignIn(ana);
  await reader.widgetButton.click();
  await expect(reader.page).toHaveURL(/\/contact\??$/);
  await expect(reader.page.getByText("Written before", { exact: true })).toBeVisible();
});

test("looking at the page begins nothing until somebody can write", async ({ account, signedIn, somebody }) => {
  const ana = await account("student");
  const reader = await somebody({ javaScriptEnabled: false });
  await reader.visit("/contact");
  await reader.fillSignIn(ana);
  await expect(reader.page.getByRole("heading", { level: 1 })).toBeVisible();
  await reader.visit("/contact");
  await expect(reader.page.getByRole("textbox")).toBeHidden();

  const student = await signedIn(ana, "/contact");
  await student.write("Now");
  await student.sees("Now", "Sent");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the page is fine, ${colorScheme}`, async ({ account, signedIn }) => {
    const student = await signedIn(await account("student"), "/contact", { colorScheme });
    await expect(student.composer).toBeVisible();
    await student.isAccessible();
    await student.fitsTheScreen();
    await student.write("Hello");
    await student.sees("Hello", "Sent");
    await student.isAccessible();
  });
}
