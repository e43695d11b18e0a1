// Rooms of courses: who is in them is who is in the course, and what students ask in private is for those who teach.

import { expect, test, type Person } from "../fixtures.ts";

/** A room of a course that a teacher makes at `/rooms`; they stand in it afterwards. */
async function create(teacher: Person, name: string, course: string): Promise<void> {
  await teacher.open("/rooms");
  await teacher.page.getByRole("button", { name: "New room" }).click();
  const dialog = teacher.page.getByRole("dialog", { name: "New room" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Who may find it").selectOption({ label: "Everybody in a course" });
  await dialog.getByLabel("Course").selectOption({ label: course });
  await expect(dialog.getByLabel("Members at most")).toBeHidden();
  await teacher.isAccessible();
  await dialog.getByRole("button", { name: "New room" }).click();
  await expect(teacher.page.getByRole("heading", { name, level: 2 })).toBeVisible();
}

test("a course's room has everybody in the course, and who leaves it sees nothing more", async ({ account, server, signedIn }) => {
  const [tess, ana, ben] = [await account("teacher"), await account("student"), await account("student")];
  await server.keepCourse("MA-901", "Linear algebra", [tess], [ana, ben]);
  const teacher = await signedIn(tess);
  const student = await signedIn(ana, "/chat");
  await create(teacher, "Algebra", "MA-901 · Linear algebra");
  await teacher.write("Welcome");

  const link = student.page.getByRole("link", { name: /^Algebra/ });
  await expect(link).toContainText("Course: MA-901 · Linear algebra");
  await link.click();
  await expect(student.message("Welcome")).toBeVisible();
  await student.write("Thank you");
  await expect(teacher.message("Thank you")).toBeVisible();
  await student.isAccessible();
  // Nobody leaves by hand: there is nothing in the menu for a student.
  await expect(student.page.getByRole("button", { name: "Leave room" })).toHaveCount(0);

  await server.keepCourse("MA-901", "Linear algebra", [tess], [ben]);
  await expect(student.page.getByText("You are no longer in this room")).toBeVisible();
  await expect(student.page.getByRole("link", { name: /^Algebra/ })).toBeHidden();
});

test("what a student asks is for the teacher alone, and everybody is told who sees what they write", async ({
  account,
  server,
  signedIn,
}) => {
  const [tess, ana, ben] = [await account("teacher"), await account("student"), await account("student")];
  await server.keepCourse("CS-931", "Databases", [tess], [ana, ben]);
  const teacher = await signedIn(tess);
  await create(teacher, "Databases", "CS-931 · Databases");
  const [asking, other] = [await signedIn(ana, "/chat"), await signedIn(ben, "/chat")];
  for (const student of [asking, other]) {
    await student.page.getByRole("link", { name: /^Databases/ }).click();
    await expect(student.page.getByText("Only teachers see this")).toBeHidden();
  }

  await teacher.inRoomMenu("Room settings");
  const dialog = teacher.page.getByRole("dialog", { name: "Room settings" });
  await expect(dialog).toContainText("follows the course CS-931 · Databases");
  await dialog.getByRole("switch", { name: "Only teachers see what students write" }).check();
  await teacher.isAccessible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(teacher.page.getByText("Everybody in the course sees this")).toBeVisible();
  await expect(asking.page.getByText("Only teachers see this")).toBeVisible();
  await expect(asking.page.getByText("from now on only teachers see what students write here")).toBeVisible();

  await asking.write("Is zero a number?");
  // The teacher may have it before their eyes already.
  await asking.sees("Is zero a number?", /Sent|Read/);
  await expect(teacher.message("Is zero a number?")).toBeVisible();
  await teacher.write("Somebody asked about zero: it is.");
  await expect(other.message("Somebody asked about zero: it is.")).toBeVisible();
  await expect(other.page.getByText("Is zero a number?")).toBeHidden();
  for (const person of [teacher, asking, other]) await person.isAccessible();
  await other.reload();
  await expect(other.message("Somebody asked about zero: it is.")).toBeVisible();
  await expect(other.page.getByText("Is zero a number?")).toBeHidden();
});

test("where one teaches no course, no course is offered", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"), "/rooms");
  await teacher.page.getByRole("button", { name: "New room" }).click();
  const dialog = teacher.page.getByRole("dialog", { name: "New room" });
  await expect(dialog.getByRole("option", { name: "Everybody in a course" })).toHaveCount(0);
  await expect(dialog.getByLabel("Course")).toBeHidden();
  await expect(dialog.getByLabel("Members at most")).toBeVisible();
});
