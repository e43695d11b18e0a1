// Watches a page: what it says on its console, what it throws, and when it is alive.

import { expect, type Page } from "@playwright/test";

// Said as a warning, but a mistake of ours.
const gravePatterns = [/hydrat/i, /content security policy/i, /deprecat/i];

export class Guard {
  private readonly problems: string[] = [];
  private readonly allowed: RegExp[] = [];
  private hellos = 0;

  constructor(private readonly page: Page) {
    page.on("pageerror", (error) => this.problems.push(`uncaught: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      const text = message.text();
      const isGrave = message.type() === "error" || (message.type() === "warning" && gravePatterns.some((p) => p.test(text)));
      if (isGrave) this.problems.push(`${message.type()}: ${text} (${message.location().url})`);
    });
    page.on("dialog", (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload === "string" && payload.includes('"hello"')) this.hellos += 1;
      });
    });
  }

  /** What the test provokes on purpose and a browser then reports. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** What browsers say where the network or the server is away. */
  allowOutage(): void {
    this.allow(/WebSocket connection to .* failed/, /net::ERR_/, /Failed to fetch/);
  }

  /** Goes to a page, or loads this one again, and waits until it is alive: the server has greeted its socket. */
  async arrive(how: () => Promise<unknown>): Promise<void> {
    const before = this.hellos;
    await how();
    await this.greeted(before);
  }

  /** How often the server has greeted a socket of this page. */
  get greetings(): number {
    return this.hellos;
  }

  /** Waits for a greeting after the first `before` ones. */
  async greeted(before: number): Promise<void> {
    await expect.poll(() => this.hellos, { message: "the server greets the page's socket", timeout: 20_000 }).toBeGreaterThan(before);
  }

  /** Fails where something was said that was not allowed. */
  check(): void {
    const problems = this.problems.filter((problem) => !this.allowed.some((pattern) => pattern.test(problem)));
    expect(problems, `the console of ${this.page.url()}`).toEqual([]);
  }
}
