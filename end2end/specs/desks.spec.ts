// A school with several desks: whom a student writes to, and who sees it.

import { expect, type Person, type Role, Server, test as base, type User } from "../fixtures.ts";

const settings = `
[quad.desks.faculty]
title = "Teachers' office"
roles = ["teacher"]
hours = "Mon-Sun 0:00-24:00"

[quad.desks.principal]
title = "Principal"
who = "Dr Osei and her deputy"
people = ["nobody-yet"]
`;

// The same fixtures with a server that has these settings.
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.make(settings);
      await use(server);
      await server.end();
    },
    { scope: "worker" },
  ],
});

/** The link to a desk. */
function desk({ page }: Person, title: string) {
  return page.getByRole("link", { name: title });
}

async function people(account: (role: Role) => Promise<User>): Promise<[User, User]> {
  return [await account("student"), await account("teacher")];
}

test("a student chooses a desk in the widget, and goes back to the choice", async ({ account, signedIn }, info) => {
  const [ana, tom] = await people(account);
  const student = await signedIn(ana);
  await student.widgetButton.click();
  await expect(desk(student, "Teachers' office")).toContainText("Teachers answer here");
  await expect(desk(student, "Teachers' office")).toContainText("Answers now, until");
  await expect(desk(student, "Principal")).toContainText("Dr Osei and her deputy");
  await student.isAccessible();
  await student.fitsTheScreen();
  await student.page.screenshot({ path: info.outputPath("choice.png") });

  await desk(student, "Teachers' office").click();
  await expect(student.panel.getByRole("heading", { name: "Teachers' office" })).toBeVisible();
  await student.write("When is the exam?");
  await student.sees("When is the exam?", "Sent");
  await student.isAccessible();
  await student.page.screenshot({ path: info.outputPath("panel.png") });
  // It is open again after a reload, with the same desk.
  await student.reload();
  await student.reads(["When is the exam?"]);

  const teacher = await signedIn(tom, "/admin/chat");
  await teacher.openConversation(ana);
  await teacher.reads(["When is the exam?"]);

  await student.panel.getByRole("button", { name: "All desks" }).click();
  await expect(desk(student, "Teachers' office")).toContainText("When is the exam?");
  await teacher.write("On Monday");
  await expect(desk(student, "Teachers' office")).toContainText("Unread: 1");
  await expect(desk(student, "Teachers' office")).toContainText("On Monday");
  await desk(student, "Support").click();
  await student.write("My card is lost");
  await student.reads(["My card is lost"]);
  await student.panel.getByRole("button", { name: "All desks" }).click();
  await desk(student, "Teachers' office").click();
  await student.reads(["When is the exam?", "On Monday"]);
  await teacher.sees("On Monday", "Read");
});

test("each desk has a page, also without a script", async ({ account, signedIn, somebody }, info) => {
  const [ana] = await people(account);
  const student = await signedIn(ana, "/contact");
  await expect(student.page.getByRole("heading", { level: 1 })).toHaveText("Quad support");
  await student.isAccessible();
  await student.fitsTheScreen();
  await student.page.screenshot({ path: info.outputPath("contact.png") });
  await desk(student, "Principal").click();
  await expect(student.page).toHaveURL(/\/contact\/principal$/);
  await student.write("May I come by?");
  await student.sees("May I come by?", "Sent");
  await student.isAccessible();
  await student.page.screenshot({ path: info.outputPath("principal.png") });
  await student.page.getByRole("main").getByRole("link", { name: "All desks" }).click();
  await expect(desk(student, "Principal")).toContainText("May I come by?");
  await desk(student, "Teachers' office").click();
  await expect(student.composer).toBeVisible();
  await student.reads([]);

  const reader = await somebody({ javaScriptEnabled: false });
  await reader.visit("/sign-in");
  await reader.fillSignIn(ana);
  await reader.widgetButton.click();
  await desk(reader, "Principal").click();
  await expect(reader.page.getByText("May I come by?", { exact: true })).toBeVisible();
  reader.guard.allow(/404.*\/contact\/nowhere/);
  await reader.visit("/contact/nowhere");
  await expect(reader.page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
});

test("who answers at several desks filters by them, and others see only theirs", async ({ account, signedIn }, info) => {
  const [ana, tom] = await people(account);
  const ben = await account("student");
  const one = await signedIn(ana, "/contact/faculty");
  await one.write("For teachers");
  await one.sees("For teachers", "Sent");
  const two = await signedIn(ben, "/contact/admin");
  await two.write("For the office");
  await two.sees("For the office", "Sent");

  const root = await signedIn(await account("admin"), "/admin/chat");
  await expect(root.conversation(ana)).toContainText("Teachers' office");
  await expect(root.conversation(ben)).toContainText("Support");
  const choice = root.page.getByRole("combobox", { name: "Desk" });
  await choice.selectOption({ label: "Teachers' office" });
  await expect(root.page).toHaveURL(/[?&]desk=faculty/);
  await expect(root.conversation(ana)).toBeVisible();
  await expect(root.conversation(ben)).toBeHidden();
  await root.isAccessible();
  await root.fitsTheScreen();
  await root.page.screenshot({ path: info.outputPath("inbox.png") });
  await choice.selectOption({ label: "All desks" });
  await expect(root.conversation(ben)).toBeVisible();

  const teacher = await signedIn(tom, "/admin/chat");
  await expect(teacher.conversation(ana)).toBeVisible();
  await expect(teacher.conversation(ben)).toBeHidden();
  await expect(teacher.page.getByRole("combobox", { name: "Desk" })).toBeHidden();
  // A teacher asks at the other desks.
  await teacher.open("/contact");
  await expect(desk(teacher, "Principal")).toBeVisible();
  await expect(desk(teacher, "Teachers' office")).toBeHidden();
});
