// Pages for everybody: forced colours, large text, no motion, no script, every dialog open.

import { expect, type Person, test, type User } from "../fixtures.ts";

const ana: User = { username: "ana", name: "Ana Petrović", role: "student", password: "quad-demo-1" };
const agent: User = { username: "agent", name: "Nora Lindqvist", role: "agent", password: "quad-demo-1" };

/** Who sees which page, and something of its content. */
const pages: { who: User | undefined; path: string; content: string }[] = [
  { who: undefined, path: "/sign-in", content: "Sign in with your school account." },
  { who: undefined, path: "/register", content: "For students." },
  { who: ana, path: "/", content: "Write to us." },
  { who: ana, path: "/contact", content: "The support team answers here" },
  { who: ana, path: "/account", content: "Where you are signed in." },
  { who: agent, path: "/", content: "Latest conversations" },
  { who: agent, path: "/admin/chat", content: ana.name },
  { who: agent, path: "/admin/replies", content: "/" },
];

test.beforeEach(async ({ server }) => server.addDemo());

type Fixtures = {
  somebody: (options?: { javaScriptEnabled?: boolean }) => Promise<Person>;
  signedIn: (user: User, path?: string) => Promise<Person>;
};

/** Somebody at a page. */
async function at({ somebody, signedIn }: Fixtures, who: User | undefined, path: string): Promise<Person> {
  if (who !== undefined) return signedIn(who, path);
  const visitor = await somebody();
  await visitor.visit(path);
  return visitor;
}

for (const { who, path, content } of pages) {
  const name = `${who?.role ?? "nobody"} at ${path}`;

  test(`${name}: forced colours leave edges, state and focus`, async ({ somebody, signedIn }, info) => {
    const person = await at({ somebody, signedIn }, who, path);
    await person.page.emulateMedia({ forcedColors: "active" });
    await person.isAccessible();
    const bare = await person.page.evaluate(() => {
      const isSeen = (element: Element) => (element as HTMLElement).checkVisibility({ visibilityProperty: true });
      const controls = [...document.querySelectorAll("input:not(.visually-hidden):not([type=hidden]):not([type=radio]), textarea, select, button.button, .send, .widget-button, .account-button")];
      return controls
        .filter(isSeen)
        .filter((control) => {
          // The field's edge may be that of the box around it.
          const boxes = [control, control.parentElement].filter((box) => box !== null);
          return boxes.every((box) => {
            const { borderTopWidth, borderTopStyle, outlineStyle } = getComputedStyle(box);
            return (borderTopStyle === "none" || borderTopWidth === "0px") && outlineStyle === "none";
          });
        })
        .map((control) => control.outerHTML.slice(0, 120));
    });
    expect(bare, "controls without an edge").toEqual([]);
    // From the end of the page it leads to the browser's own bar first.
    await expect(async () => {
      await person.page.keyboard.press("Tab");
      expect(await person.page.evaluate(() => document.activeElement === document.body)).toBe(false);
    }).toPass();
    const outline = await person.page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
      return `${outlineStyle} ${outlineWidth}`;
    });
    expect(outline).toMatch(/^solid [1-9]/);
    await person.page.screenshot({ path: info.outputPath("forced.png") });
  });

  test(`${name}: text of twice the size loses nothing`, async ({ somebody, signedIn }, info) => {
    const person = await at({ somebody, signedIn }, who, path);
    // As somebody has it whose browser's text is 32 px.
    await person.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(":root { font-size: 32px !important; }");
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    });
    await expect(person.page.getByRole("main").getByText(content).first()).toBeVisible();
    await person.fitsTheScreen();
    const cut = await person.page.evaluate(() => {
      const isSeen = (element: Element) => (element as HTMLElement).checkVisibility({ visibilityProperty: true });
      const texts = [...document.querySelectorAll("h1, h2, h3, label, button, a, p, dt, dd, legend")];
      return texts
        .filter((text) => isSeen(text) && text.closest(".visually-hidden, .skip-link, .widget-panel, [popover]") === null)
        .filter((text) => {
          const style = getComputedStyle(text);
          const isEllipsis = style.textOverflow === "ellipsis";
          const { left, right } = text.getBoundingClientRect();
          const isOutside = right > document.documentElement.clientWidth + 1 || left < -1;
          const isCut = style.overflowX !== "visible" && !isEllipsis && text.scrollWidth > text.clientWidth + 1;
          return isOutside || isCut;
        })
        .map((text) => text.outerHTML.slice(0, 120));
    });
    expect(cut, "texts that are cut").toEqual([]);
    await person.page.screenshot({ path: info.outputPath("large.png") });
  });

  test(`${name}: the content is there without a script`, async ({ somebody }) => {
    const reader = await somebody({ javaScriptEnabled: false });
    await reader.visit(path);
    if (who !== undefined) await reader.fillSignIn(who);
    await expect(reader.page).toHaveURL(new RegExp(`${path}$`));
    await expect(reader.page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(reader.page.getByRole("main").getByText(content).first()).toBeVisible();
    await reader.fitsTheScreen();
  });
}

test("a conversation is there without a script, and in forced colours and large text", async ({ somebody, signedIn }, info) => {
  const reader = await somebody({ javaScriptEnabled: false });
  await reader.visit("/admin/chat");
  await reader.fillSignIn(agent);
  await reader.conversation(ana).click();
  await expect(reader.messages.first()).toBeVisible();

  const staff = await signedIn(agent, "/admin/chat");
  await staff.openConversation(ana);
  await staff.page.emulateMedia({ forcedColors: "active" });
  await staff.isAccessible();
  await staff.page.screenshot({ path: info.outputPath("forced.png") });
  await staff.page.emulateMedia({ forcedColors: "none" });
  await staff.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":root { font-size: 32px !important; }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
  await staff.fitsTheScreen();
  await expect(staff.composer).toBeInViewport();
  await staff.page.screenshot({ path: info.outputPath("large.png") });
});

test("the name stays after a failed sign-in, the password does not", async ({ somebody }) => {
  for (const javaScriptEnabled of [true, false]) {
    const visitor = await somebody({ javaScriptEnabled });
    await visitor.visit("/sign-in");
    await visitor.fillSignIn({ ...ana, password: "not my password" });
    await expect(visitor.page.getByRole("alert")).toBeVisible();
    await expect(visitor.page.getByLabel("Username")).toHaveValue(ana.username);
    await expect(visitor.page.getByLabel("Password", { exact: true })).toHaveValue("");
    expect(visitor.page.url(), "not in the address").not.toContain(ana.username);
  }
});

test("every dialog is accessible while it is open", async ({ signedIn, account }) => {
  const student = await signedIn(await account("student"));
  student.guard.allowOutage();
  await student.openMenu();
  await student.isAccessible();
  await student.page.keyboard.press("Escape");
  await student.openWidget();
  await student.isAccessible();
  await student.context.setOffline(true);
  await student.write("not yet sent");
  await student.sees("not yet sent", "Waiting to be sent");
  await student.minimiseWidget();
  await student.openMenu();
  await student.page.getByRole("button", { name: "Sign out" }).click();
  await expect(student.page.getByRole("dialog", { name: "Sign out with unsent messages?" })).toBeVisible();
  for (const forcedColors of ["none", "active"] as const) {
    await student.page.emulateMedia({ forcedColors });
    await student.isAccessible();
  }
  await student.fitsTheScreen();

  const staff = await signedIn(agent, "/admin/chat");
  await staff.openConversation(ana);
  const about = staff.page.getByRole("button", { name: `About ${ana.name}` });
  if (await about.isVisible()) await about.click();
  const person = staff.page.getByRole("complementary", { name: "About this person" });
  await expect(person.getByText(ana.username, { exact: true })).toBeVisible();
  await staff.isAccessible();
});

test("who wants no motion sees none", async ({ account, signedIn }) => {
  const student = await signedIn(await account("student"), "/", { reducedMotion: "reduce" });
  const longest = () =>
    student.page.evaluate(() => {
      const seconds = (times: string) => times.split(",").map((time) => Number.parseFloat(time) * (time.trim().endsWith("ms") ? 0.001 : 1));
      const all = [...document.querySelectorAll("*")].flatMap((element) => {
        const style = getComputedStyle(element);
        return [...seconds(style.transitionDuration), ...seconds(style.animationDuration)];
      });
      return Math.max(...all);
    });
  expect(await longest()).toBeLessThanOrEqual(0.001);
  await student.openWidget();
  expect(await longest()).toBeLessThanOrEqual(0.001);
  await expect.poll(() => student.page.evaluate(() => document.getAnimations().length)).toBe(0);
  // Otherwise there is some.
  await student.page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await longest()).toBeGreaterThan(0.05);
});
