// What every browser test is given: a server of its worker's own, and people in front of browsers of their own.

import { test as base, type BrowserContextOptions } from "@playwright/test";

import { Gate } from "./support/gate.ts";
import { Person, stored } from "./support/person.ts";
import { type Role, Server, type User } from "./support/server.ts";

export { expect } from "@playwright/test";
export { Gate, Person, Server, stored };
export type { Role, User };

interface PersonOptions extends BrowserContextOptions {
  /** Where this person finds the server, if not at its own address. */
  at?: string;
}

interface TestFixtures {
  /** Makes an account. */
  account: (role: Role, name?: string) => Promise<User>;
  /** Somebody new in front of an empty browser. At the end of the test their console must have been quiet. */
  somebody: (options?: PersonOptions) => Promise<Person>;
  /** Somebody who has signed in and is at `path`. */
  signedIn: (user: User, path?: string, options?: PersonOptions) => Promise<Person>;
  /** A breakable line to the server. */
  gate: Gate;
}

interface WorkerFixtures {
  server: Server;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.make();
      await use(server);
      await server.end();
    },
    { scope: "worker" },
  ],

  account: async ({ server }, use) => {
    await use((role, name) => server.addUser(role, name ?? someName()));
  },

  somebody: async ({ browser, server }, use, info) => {
    const people: Person[] = [];
    await use(async ({ at = server.url, ...options } = {}) => {
      const context = await browser.newContext(options);
      const person = new Person(context, await context.newPage(), at);
      people.push(person);
      return person;
    });
    if (info.status === info.expectedStatus) {
      for (const person of people) person.check();
    } else {
      await info.attach("server.log", { body: await server.log() });
      for (const [i, { page }] of people.entries()) {
        if (!page.isClosed()) await info.attach(`person-${i + 1}.png`, { body: await page.screenshot(), contentType: "image/png" });
      }
    }
    for (const { context } of people) await context.close();
  },

  signedIn: async ({ somebody }, use) => {
    await use(async (user, path = "/", options = {}) => {
      const person = await somebody(options);
      await person.signIn(user, path);
      return person;
    });
  },

  gate: async ({ server }, use) => {
    const gate = await Gate.to(server.port);
    await use(gate);
    await gate.end();
  },
});

let namesGiven = 0;

/** A name that no other test of this worker uses. */
function someName(): string {
  namesGiven += 1;
  return `Person ${process.pid}.${namesGiven}`;
}
