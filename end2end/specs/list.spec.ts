// The list of rooms: what is unread first, what one pins on top, what one mutes in no number.

import { expect, test, type Person } from "../fixtures.ts";

async function create(teacher: Person, name: string): Promise<void> {
  await teacher.open("/rooms");
  await teacher.page.getByRole("button", { name: "New room" }).click();
  const dialog = teacher.page.getByRole("dialog", { name: "New room" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Who may find it").selectOption({ label: "Everybody, and may join" });
  await dialog.getByRole("button", { name: "New room" }).click();
  await expect(teacher.page.getByRole("heading", { name, level: 2 })).toBeVisible();
}

async function join(student: Person, name: string): Promise<void> {
  await student.open("/rooms");
  await student.page.getByRole("searchbox", { name: "Search rooms" }).fill(name);
  await student.page.getByRole("button", { name: `Join ${name}` }).click();
  await expect(student.page.getByRole("heading", { name, level: 2 })).toBeVisible();
}

function list(person: Person) {
  return person.page.getByRole("navigation", { name: "Rooms" });
}

function section(person: Person, name: string) {
  return list(person).getByRole("region", { name });
}

test("what is unread stands first, and a muted room nowhere", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"));
  const student = await signedIn(await account("student"));
  const [loud, quiet] = [`Loud ${Date.now()}`, `Quiet ${Date.now()}`];
  for (const name of [loud, quiet]) {
    await create(teacher, name);
    await join(student, name);
  }
  await student.inRoomMenu("Mute this room");
  await student.open("/chat");
  await expect(section(student, "Rooms").getByRole("link", { name: quiet })).toContainText("Muted room");

  // The teacher stands in the quiet one, and writes there; then in the loud one.
  await teacher.write("Psst");
  await expect(section(student, "Rooms").getByRole("link", { name: quiet })).toContainText("Psst");
  await expect(student.page).toHaveTitle(/^Rooms/);
  await teacher.open("/chat");
  await list(teacher).getByRole("link", { name: loud }).click();
  await teacher.write("Hello");
  await expect(section(student, "Unread").getByRole("link", { name: loud })).toBeVisible();
  await expect(section(student, "Unread").getByRole("link", { name: quiet })).toBeHidden();
  await student.isAccessible();
  await student.fitsTheScreen();
});

test("a pinned room stands on top on all devices", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"));
  const [older, newer] = [`Older ${Date.now()}`, `Newer ${Date.now()}`];
  await create(teacher, older);
  await create(teacher, newer);
  const tab = await teacher.anotherTab();
  await tab.open("/chat");
  await expect(section(tab, "Rooms").getByRole("link").first()).toContainText(newer);
  await teacher.open("/chat");
  await list(teacher).getByRole("link", { name: older }).click();
  await expect(teacher.page.getByRole("heading", { name: older, level: 2 })).toBeVisible();
  await teacher.inRoomMenu("Pin to the top");
  await expect(section(tab, "Rooms").getByRole("link").first()).toContainText(older);
  await teacher.inRoomMenu("Unpin");
  await expect(section(tab, "Rooms").getByRole("link").first()).toContainText(newer);
});

test("a link to a message opens its room around it", async ({ account, signedIn }) => {
  const teacher = await signedIn(await account("teacher"));
  await create(teacher, `Links ${Date.now()}`);
  await teacher.write("The one");
  await teacher.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  // By pointer or by touch: what may be done with it comes with the focus.
  await teacher.message("The one").click();
  await teacher.message("The one").getByRole("button", { name: "Copy link" }).click();
  const address = await teacher.page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/\/chat\/\d+\/\d+$/);
  const student = await signedIn(await account("student"));
  student.guard.allow(/status of 404/);
  await student.visit(new URL(address).pathname);
  await expect(student.page.getByText("Nothing here")).toBeVisible();
  await teacher.open(new URL(address).pathname);
  await expect(teacher.message("The one")).toBeInViewport();
});
