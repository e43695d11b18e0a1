// What people write, in every length and disguise, is text and nothing else.

import { expect, test } from "../fixtures.ts";

const limit = 1000;

test("a message over the limit cannot be sent, and the page says why", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.composer.fill("x".repeat(limit + 1));
  await expect(student.sendButton).toBeDisabled();
  await expect(student.page.getByText("Too long. Characters over the limit: 1")).toBeVisible();
  await expect(student.composer).toHaveAttribute("aria-invalid", "true");
  await student.isAccessible();

  await student.composer.press("End");
  await student.composer.press("Backspace");
  await expect(student.page.getByText("Characters left: 0")).toBeVisible();
  await student.sendButton.click();
  await student.reads(["x".repeat(limit)]);
  await student.sees("x".repeat(limit), "Sent");
  await student.fitsTheScreen();
});

test("an empty message cannot be sent", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await expect(student.sendButton).toBeDisabled();
  await student.composer.fill(" \n ");
  await expect(student.sendButton).toBeDisabled();
});

const attacks = [
  `<script>alert("1")</script>`,
  `<img src=x onerror="alert(2)">`,
  `"><svg onload=alert(3)>`,
  `[click](javascript:alert(4))`,
  `javascript:alert(5)`,
  `</textarea></li></ol><iframe srcdoc="<script>alert(6)</script>">`,
  `{{constructor.constructor("alert(7)")()}}`,
  `&lt;b&gt;not bold&lt;/b&gt; &amp; <!-- no comment -->`,
];

test("markup is shown as it was written", async ({ account, signedIn }) => {
  const ana = await account("student");
  const agent = await signedIn(await account("agent"), "/admin/chat");
  const student = await signedIn(ana);
  await student.openWidget();
  for (const text of attacks) await student.write(text);
  await student.reads(attacks);
  await agent.openConversation(ana);
  await agent.reads(attacks);
  // From the server's own rendering too.
  await agent.reload();
  await agent.reads(attacks);
  for (const { page } of [student, agent]) {
    await expect(page.locator("iframe, .message-text img, .message-text svg, .message-text script")).toHaveCount(0);
    await expect(page.locator(`a[href^="javascript" i]`)).toHaveCount(0);
  }
});

test("an address becomes a link that tells nobody where one came from", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.write("see https://example.org/a?b=1 please");
  const link = student.messages.getByRole("link");
  await expect(link).toHaveAttribute("href", "https://example.org/a?b=1");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(link).toHaveAttribute("rel", /noreferrer/);
  await expect(link).toHaveAttribute("rel", /nofollow/);
});

const names = [
  `<img src=x onerror=alert(1)>`,
  `Wolfeschlegelsteinhausenbergerdorff`.repeat(5),
  `أحمد بن محمد`,
  `\u202eevil\u202c`,
  `Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢`,
];

for (const name of names) {
  test(`a person called ${JSON.stringify(name.slice(0, 24))} fits everywhere`, async ({ account, signedIn }) => {
    const user = await account("student", name);
    const student = await signedIn(user);
    await expect(student.page.getByRole("heading", { level: 1 })).toContainText(name);
    await student.openMenu();
    await student.fitsTheScreen();
    await student.page.keyboard.press("Escape");
    await student.openWidget();
    const text = `from ${user.username}`;
    await student.write(text);
    await student.sees(text, "Sent");

    const agent = await signedIn(await account("agent"), "/admin/chat");
    const link = agent.page.getByRole("link").filter({ hasText: text });
    await expect(link).toContainText(name);
    await agent.fitsTheScreen();
    await link.click();
    await agent.reads([text]);
    await expect(agent.page.locator(".room-head").getByRole("heading", { level: 2 })).toContainText(name);
    await agent.fitsTheScreen();
  });
}

test("a message of one long word, and one of a thousand lines' worth, fit", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.write("W".repeat(600));
  await student.write("line\n".repeat(150).trim());
  await expect(student.messages).toHaveCount(2);
  await student.fitsTheScreen();
  await expect(student.composer).toBeInViewport();
});

test("the line in the composer survives a reload as a draft", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"));
  await student.openWidget();
  await student.composer.fill("half a thou");
  await student.reload();
  await expect(student.panel).toBeVisible();
  await expect(student.composer).toHaveValue("half a thou");
});
