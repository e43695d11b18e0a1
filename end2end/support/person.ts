// Somebody in front of a browser: what they do, in the words of the pages.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type BrowserContext, type Locator, type Page } from "@playwright/test";

import { Guard } from "./guard.ts";
import type { User } from "./server.ts";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What one's own message says of itself. */
export type State = "Waiting to be sent" | "Sending" | "Sent" | "Delivered" | "Read";

/** What it says once it is stored, while somebody for whom it is has the app open and does not look at it. */
export const stored = /Sent|Delivered/;

export class Person {
  readonly guard: Guard;
  private readonly tabs: Person[] = [];

  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {
    this.guard = new Guard(page);
  }

  /** The same person in another tab of the same browser. */
  async anotherTab(): Promise<Person> {
    const tab = new Person(this.context, await this.context.newPage(), this.url);
    this.tabs.push(tab);
    return tab;
  }

  /** Fails where a console of theirs was not quiet. */
  check(): void {
    this.guard.check();
    for (const tab of this.tabs) tab.check();
  }

  // --- pages ---

  /** Goes to a page that needs nobody to be signed in. */
  async visit(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  /** Goes to a page of somebody who is signed in, and waits until it is alive. */
  async open(path: string): Promise<void> {
    await this.guard.arrive(() => this.visit(path));
  }

  /** Loads the page again, and waits until it is alive. */
  async reload(): Promise<void> {
    await this.guard.arrive(() => this.page.reload());
  }

  /** Fills in the form as it stands. */
  async fillSignIn(user: User, password = user.password): Promise<void> {
    await this.page.getByLabel("Username").fill(user.username);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }

  /** Signs in by the form, and waits for the live page behind it. */
  async signIn(user: User, path = "/"): Promise<void> {
    await this.guard.arrive(async () => {
      await this.visit(path);
      await this.fillSignIn(user);
      await this.page.waitForURL(this.url + path);
    });
  }

  // --- rooms ---

  /** Shows who is in the open room, where that is not on the screen yet. */
  async showMembers(): Promise<void> {
    const panel = this.page.getByRole("complementary", { name: "Members" });
    if (!(await panel.isVisible())) await this.page.getByRole("button", { name: /^Members/ }).click();
    await expect(panel).toBeVisible();
  }

  /** Puts the panel away where it covers the conversation: on a phone. */
  async hideMembers(): Promise<void> {
    const close = this.page.getByRole("button", { name: "Close the members" });
    if (await close.isVisible()) await close.click();
    await expect(close).toBeHidden();
  }

  /** Chooses something of the open room's menu. */
  async inRoomMenu(item: string): Promise<void> {
    await this.page.getByRole("button", { name: "More", exact: true }).click();
    await this.page.getByRole("button", { name: item, exact: true }).click();
  }

  // --- the widget ---

  get widgetButton(): Locator {
    return this.page.getByRole("button", { name: /^Open support chat/ });
  }

  get panel(): Locator {
    return this.page.getByRole("dialog", { name: "Support chat" });
  }

  async openWidget(): Promise<void> {
    await this.widgetButton.click();
    await expect(this.composer).toBeVisible();
  }

  async minimiseWidget(): Promise<void> {
    await this.panel.getByRole("button", { name: "Minimise chat" }).click();
    await expect(this.panel).toBeHidden();
  }

  // --- the inbox ---

  /** The link to a student's conversation. */
  conversation(student: User): Locator {
    return this.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: student.name });
  }

  async openConversation(student: User): Promise<void> {
    await this.conversation(student).click();
    await expect(this.composer).toBeVisible();
  }

  /** Where the open conversation stands. */
  get standing(): Locator {
    return this.page.locator(".room-head").getByRole("status");
  }

  /** Who takes care of the open conversation. */
  get assignee(): Locator {
    return this.page.locator(".room-head").getByRole("combobox", { name: "Assigned to" });
  }

  private get filters(): Locator {
    return this.page.getByRole("navigation", { name: "Conversations" });
  }

  async filterBy(status: "Open" | "Pending" | "Resolved" | "All"): Promise<void> {
    await this.backToList();
    await this.filters.getByRole("link", { name: status, exact: true }).click();
    await expect(this.filters.getByRole("link", { name: status, exact: true })).toHaveAttribute("aria-current", "true");
  }

  async choose(label: "Assigned to" | "Order", option: string): Promise<void> {
    await this.backToList();
    await this.filters.getByRole("combobox", { name: label }).selectOption({ label: option });
  }

  /** On a phone the list is a page of its own. */
  private async backToList(): Promise<void> {
    const back = this.page.getByRole("link", { name: "Back to conversations" });
    if (await back.isVisible()) await back.click();
  }

  // --- a conversation ---

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  get sendButton(): Locator {
    return this.page.getByRole("button", { name: "Send", exact: true });
  }

  /** The radio of what those who answer write. */
  kind(name: "Reply" | "Internal note"): Locator {
    return this.page.getByRole("radio", { name });
  }

  async chooseKind(name: "Reply" | "Internal note"): Promise<void> {
    await this.page.getByRole("group", { name: "Kind of message" }).getByText(name, { exact: true }).click();
    await expect(this.kind(name)).toBeChecked();
  }

  /** Where a note is written. */
  get noteField(): Locator {
    return this.page.getByRole("textbox", { name: "Internal note" });
  }

  get addNote(): Locator {
    return this.page.getByRole("button", { name: "Add note", exact: true });
  }

  async writeNote(text: string): Promise<void> {
    await this.chooseKind("Internal note");
    await this.noteField.fill(text);
    await this.addNote.click();
    await expect(this.noteField).toHaveValue("");
  }

  get messages(): Locator {
    return this.page.getByRole("list", { name: "Messages" }).getByRole("listitem");
  }

  /** The row with exactly this text. */
  message(text: string): Locator {
    return this.messages.filter({ has: this.page.getByText(text, { exact: true }) });
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.sendButton.click();
    await expect(this.composer).toHaveValue("");
  }

  /** Writes these into one's own support conversation, as fast as a program can, by a socket of its own. */
  async writeMany(texts: string[]): Promise<void> {
    await this.page.evaluate(async (texts) => {
      const socket = new WebSocket(`ws://${location.host}/ws/chat/`, ["quad.1"]);
      await new Promise<void>((resolve, reject) => {
        let acknowledged = 0;
        socket.onclose = () => reject(new Error("the socket was closed"));
        socket.onmessage = ({ data }) => {
          const event = JSON.parse(data);
          if (event.type === "hello") {
            const room_id = event.rooms[0].id;
            for (const content of texts) {
              socket.send(JSON.stringify({ type: "chat_message", room_id, content, client_id: crypto.randomUUID() }));
            }
          } else if (event.type === "ack") {
            acknowledged += 1;
            if (acknowledged === texts.length) resolve();
          } else if (event.type === "error") {
            reject(new Error(data));
          }
        };
      });
      socket.onclose = null;
      socket.close();
    }, texts);
  }

  /** Waits until one's own message has come so far. */
  async sees(text: string, state: State | RegExp): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).toContainText(state);
  }

  /** Waits until the conversation consists of these texts, in this order. */
  async reads(texts: string[]): Promise<void> {
    await expect.poll(() => this.texts(), { timeout: 20_000 }).toEqual(texts);
  }

  /** The texts of the conversation, oldest first. */
  async texts(): Promise<string[]> {
    return this.messages.locator(".message-text").allInnerTexts();
  }

  // --- the account menu ---

  async openMenu(): Promise<void> {
    await this.page.getByRole("button", { name: "Account" }).click();
    await expect(this.page.getByRole("button", { name: "Sign out", exact: true })).toBeVisible();
  }

  async chooseTheme(name: "System" | "Light" | "Dark"): Promise<void> {
    await this.openMenu();
    await this.page.getByText(name, { exact: true }).click();
    await expect(this.page.getByRole("radio", { name })).toBeChecked();
    await this.page.keyboard.press("Escape");
  }

  // --- what a page must be ---

  /** No rule of WCAG 2.2 AA that a program can check is broken. */
  async isAccessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(rules).analyze();
    const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((n) => [n.html, n.failureSummary]) }));
    expect(found, `axe at ${this.page.url()}`).toEqual([]);
  }

  /** Nothing is wider than the screen. */
  async fitsTheScreen(): Promise<void> {
    const [content, screen] = await this.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content, `the width of ${this.page.url()}`).toBeLessThanOrEqual(screen ?? 0);
  }
}
