// Rooms that people make and join: a host, a member, and somebody outside.

import { expect, stored, test, type Person } from "../fixtures.ts";

/** A room that a teacher makes at `/rooms`; they stand in it afterwards. */
async function create(teacher: Person, name: string, openness: string, most?: number): Promise<void> {
  await teacher.open("/rooms");
  await teacher.page.getByRole("button", { name: "New room" }).click();
  const dialog = teacher.page.getByRole("dialog", { name: "New room" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Who may find it").selectOption({ label: openness });
  if (most !== undefined) await dialog.getByLabel("Members at most").fill(String(most));
  await dialog.getByRole("button", { name: "New room" }).click();
  await expect(teacher.page.getByRole("heading", { name, level: 2 })).toBeVisible();
}

test("a public room is made, found, joined and written in", async ({ account, signedIn }) => {
  const tess = await account("teacher");
  const teacher = await signedIn(tess);
  const ana = await account("student");
  const student = await signedIn(ana);
  await create(teacher, "Chess club", "Everybody, and may join");
  await teacher.isAccessible();

  await student.open("/rooms");
  await student.page.getByRole("searchbox", { name: "Search rooms" }).fill("chess");
  await student.isAccessible();
  await student.page.getByRole("button", { name: "Join Chess club" }).click();
  await expect(student.page.getByRole("heading", { name: "Chess club", level: 2 })).toBeVisible();
  await expect(teacher.page.getByText(`${ana.name} joined.`)).toBeVisible();
  await teacher.write("Welcome");
  await expect(student.message("Welcome")).toBeVisible();
  await student.write("Thank you");
  await expect(teacher.message("Thank you")).toBeVisible();
  await student.isAccessible();
});

test("a request is seen at once, granted, and followed by the first message", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"));
  const ana = await account("student");
  const student = await signedIn(ana);
  await create(teacher, "School board", "Everybody, and may ask");

  await student.open("/rooms");
  const card = student.page.getByRole("article", { name: "School board" });
  await card.getByText("Ask to join").click();
  await card.getByLabel("A note for the host").fill("I was elected");
  await card.getByRole("button", { name: "Send request" }).click();
  await expect(card).toContainText("Requested");

  await teacher.showMembers();
  const request = teacher.page.getByRole("region", { name: "Requests to join" });
  await expect(request).toContainText("I was elected");
  await teacher.isAccessible();
  await request.getByRole("button", { name: `Let ${ana.name} in` }).click();
  await expect(request).toBeHidden();

  await card.getByRole("link", { name: "Open School board" }).click();
  await student.write("Glad to be here");
  await expect(teacher.message("Glad to be here")).toBeVisible();
});

test("who is removed sees it at once, and nothing more of the room", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"));
  const ana = await account("student");
  const student = await signedIn(ana);
  await create(teacher, "Robotics", "Everybody, and may join");
  await student.open("/rooms");
  await student.page.getByRole("button", { name: "Join Robotics" }).click();
  await student.write("Here I am");
  await expect(teacher.message("Here I am")).toBeVisible();

  await teacher.showMembers();
  await teacher.page.getByLabel(`More about ${ana.name}`).click();
  await teacher.page.getByRole("button", { name: "Remove", exact: true }).click();
  const question = teacher.page.getByRole("dialog", { name: `Remove ${ana.name} from this room?` });
  await teacher.isAccessible();
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(student.page.getByText("You are no longer in this room")).toBeVisible();
  await expect(student.page.getByRole("link", { name: /Robotics/ })).toBeHidden();
  await expect(teacher.page.getByText(`removed ${ana.name}.`)).toBeVisible();
  await student.page.reload();
  await expect(student.page.getByText("Here I am")).toBeHidden();
  student.guard.allow(/404/);
});

test("a direct message is started from a member's name", async ({ account, signedIn }) => {
  const tess = await account("teacher");
  const teacher = await signedIn(tess);
  const ana = await account("student");
  const student = await signedIn(ana);
  await create(teacher, "Drama", "Everybody, and may join");
  await student.open("/rooms");
  await student.page.getByRole("button", { name: "Join Drama" }).click();
  await student.showMembers();
  await student.page.getByLabel(`More about ${tess.name}`).click();
  await student.page.getByRole("button", { name: "Send a direct message" }).click();
  await expect(student.page.getByRole("heading", { name: tess.name, level: 2 })).toBeVisible();
  await student.write("Between us");
  await student.sees("Between us", stored);
  await teacher.page.getByRole("link", { name: "Rooms, unread: 1" }).click();
  await teacher.page.getByRole("link", { name: new RegExp(`^${ana.name}`) }).click();
  await expect(teacher.message("Between us")).toBeVisible();
  await student.sees("Between us", "Read");
});

test("a message is answered in private, and both see what it is about", async ({ account, signedIn }) => {
  const tess = await account("teacher");
  const teacher = await signedIn(tess);
  const ana = await account("student");
  const student = await signedIn(ana);
  const other = await signedIn(await account("student"));
  await create(teacher, "Trigonometry", "Everybody, and may join");
  for (const person of [student, other]) {
    await person.open("/rooms");
    await person.page.getByRole("button", { name: "Join Trigonometry" }).click();
    await expect(person.composer).toBeVisible();
  }
  await student.write("I do not get it");
  await expect(other.message("I do not get it")).toBeVisible();
  const asked = teacher.message("I do not get it");
  await asked.click();
  await asked.getByRole("button", { name: "Reply in private" }).click();
  await expect(teacher.page.getByRole("heading", { name: ana.name, level: 2 })).toBeVisible();
  const quote = teacher.page.getByRole("link", { name: `About a message of ${ana.name} in Trigonometry` });
  await expect(quote).toContainText("I do not get it");
  await teacher.isAccessible();
  await teacher.fitsTheScreen();
  await teacher.write("Shall we meet at noon?");
  await teacher.sees("Shall we meet at noon?", stored);

  await student.page.getByRole("link", { name: "Rooms, unread: 1" }).click();
  const thread = student.page.getByRole("link", { name: new RegExp(`^${tess.name}`) });
  await expect(thread).toContainText("About Trigonometry");
  await thread.click();
  await expect(student.message("Shall we meet at noon?")).toBeVisible();
  const own = student.page.getByRole("link", { name: "About your message in Trigonometry" });
  await expect(own).toContainText("I do not get it");
  await student.write("Gladly");
  await expect(teacher.message("Gladly")).toBeVisible();
  await student.isAccessible();

  other.guard.allow(/status of 404/);
  await other.visit(new URL(teacher.page.url()).pathname);
  await expect(other.page.getByText("Nothing here")).toBeVisible();
  await expect(other.page.getByText("Shall we meet at noon?")).toHaveCount(0);
  await expect(other.page.getByRole("link", { name: new RegExp(`^${tess.name}`) })).toHaveCount(0);

  // It leads to the message; what becomes of that is seen in the thread.
  await own.click();
  await expect(student.page.getByRole("heading", { name: "Trigonometry", level: 2 })).toBeVisible();
  const mine = student.message("I do not get it");
  await mine.click();
  await expect(mine.getByRole("button", { name: "Copy link" })).toBeVisible();
  await expect(mine.getByRole("button", { name: "Reply in private" })).toHaveCount(0);
  await mine.getByRole("button", { name: "Delete" }).click();
  const question = mine.getByRole("group", { name: "Delete this message for everybody?" });
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(quote).toContainText("Message deleted");
  await expect(teacher.page.getByText("I do not get it")).toHaveCount(0);
});

test("a student is told why they make no rooms", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"), "/rooms");
  await expect(student.page.getByText("Rooms are made by teachers and the school's staff.")).toBeVisible();
  await expect(student.page.getByRole("button", { name: "New room" })).toBeHidden();
});

test("a room is renamed, archived and let go, and its members see it", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"));
  const student = await signedIn(await account("student"));
  await create(teacher, "Poetry", "Everybody, and may join");
  await student.open("/rooms");
  await student.page.getByRole("button", { name: "Join Poetry" }).click();

  await teacher.inRoomMenu("Room settings");
  const dialog = teacher.page.getByRole("dialog", { name: "Room settings" });
  await dialog.getByLabel("Name").fill("Poetry and prose");
  await teacher.isAccessible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(student.page.getByRole("heading", { name: "Poetry and prose", level: 2 })).toBeVisible();

  await teacher.inRoomMenu("Archive");
  await expect(student.page.getByText("This conversation is archived.")).toBeVisible();
  await teacher.inRoomMenu("Make writable again");
  await expect(student.page.getByText("This conversation is archived.")).toBeHidden();

  await teacher.inRoomMenu("Delete room");
  await teacher.page.getByRole("dialog", { name: "Delete “Poetry and prose”?" }).getByRole("button", { name: "Delete room" }).click();
  await expect(student.page.getByText("You are no longer in this room")).toBeVisible();
});
