// A real server for the tests: `target/ci/quad` on a port of its own, with a database that starts empty.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const root = path.resolve(import.meta.dirname, "../..");
const program = path.join(root, "target/ci/quad");
const site = path.resolve(root, process.env["LEPTOS_SITE_ROOT"] ?? "target/ci/site");

const startMs = 20_000;
const stopMs = 10_000;

export type Role = "student" | "teacher" | "agent" | "admin";

export interface User {
  username: string;
  name: string;
  role: Role;
  password: string;
}

export class Server {
  private process: ChildProcess | undefined;
  private isDemoThere: Promise<void> | undefined;
  private usersMade = 0;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** Starts a server with an empty database. `settings` is added to the settings file. */
  static async make(settings = ""): Promise<Server> {
    const server = new Server(await mkdtemp(path.join(tmpdir(), "quad-end2end-")), await freePort());
    const usual = await readFile(path.join(root, "Leptos.toml"), "utf8");
    await writeFile(server.settingsFile, `${usual}\n${settings}`);
    await server.start();
    return server;
  }

  /** Where the server is, without a final slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port and with the same data. */
  async start(): Promise<void> {
    const log = createWriteStream(this.logFile, { flags: "a" });
    await once(log, "open");
    const started = spawn(program, ["serve"], { cwd: root, env: this.env, stdio: ["ignore", log, log] });
    this.process = started;
    const giveUpAt = Date.now() + startMs;
    while (!(await this.isHealthy())) {
      if (started.exitCode !== null || Date.now() > giveUpAt) {
        started.kill("SIGKILL");
        throw new Error(`the server did not start\n${await this.log()}`);
      }
      await pause(50);
    }
  }

  /** Stops it as an operator would, and checks that it goes in peace. */
  async stop(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (running === undefined || running.exitCode !== null) {
      throw new Error(`the server had ended by itself\n${await this.log()}`);
    }
    const ended = once(running, "exit");
    running.kill("SIGTERM");
    const status = await Promise.race([ended.then(([code]: unknown[]) => code), pause(stopMs, "no", { ref: false })]);
    if (status === 0) return;
    running.kill("SIGKILL");
    const what = status === "no" ? `was still there ${stopMs / 1000} s after SIGTERM` : `ended with ${String(status)}`;
    throw new Error(`the server ${what}\n${await this.log()}`);
  }

  /** Stops it, deletes its data, and fails where it wrote of a panic. */
  async end(): Promise<void> {
    try {
      await this.stop();
      const log = await this.log();
      if (log.includes("panicked")) throw new Error(`the server panicked\n${log}`);
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  /** Makes an account by the command line. Its sign-in name is unique, so that tests do not meet. */
  async addUser(role: Role, name: string, options: string[] = []): Promise<User> {
    this.usersMade += 1;
    const user = { username: `${role}-${this.usersMade}`, name, role, password: `secret of ${role} ${this.usersMade}` };
    const { username, password } = user;
    await this.run(["user", "add", "--username", username, "--name", name, "--role", role, "--password-stdin", ...options], password);
    return user;
  }

  /** Brings in a course; who is not named is not in it any more. */
  async keepCourse(code: string, title: string, teachers: User[], students: User[]): Promise<void> {
    const names = (users: User[]): string => users.map(({ username }) => username).join(";");
    const file = path.join(this.folder, "courses.csv");
    await writeFile(file, `code,title,teachers,students\n${code},${title},${names(teachers)},${names(students)}\n`);
    await this.run(["course", "import", file]);
  }

  /** Adds the demo's accounts and conversations, once. */
  async addDemo(): Promise<void> {
    this.isDemoThere ??= this.run(["demo", "--force"]);
    await this.isDemoThere;
  }

  /** What the server has said so far. */
  async log(): Promise<string> {
    return readFile(this.logFile, "utf8").catch(() => "");
  }

  private async run(args: string[], input = ""): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const child = execFile(program, args, { cwd: root, env: this.env }, (error, _stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(`quad ${args.join(" ")}: ${error.message}\n${stderr}`));
      });
      child.stdin?.end(`${input}\n`);
    });
  }

  private async isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/api/health/`)).ok;
    } catch {
      return false;
    }
  }

  private get settingsFile(): string {
    return path.join(this.folder, "Leptos.toml");
  }

  private get logFile(): string {
    return path.join(this.folder, "server.log");
  }

  private get env(): NodeJS.ProcessEnv {
    // Settings of the person who runs the tests must not reach the server.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("QUAD_"));
    return {
      ...Object.fromEntries(own),
      TZ: "America/New_York",
      LEPTOS_SITE_ROOT: site,
      QUAD_CONFIG: this.settingsFile,
      QUAD_ADDR: `127.0.0.1:${this.port}`,
      QUAD_DATA_DIR: this.folder,
      QUAD_DATABASE_URL: `sqlite://${this.folder}/quad.db`,
      QUAD_LOG: "warn",
      QUAD_REGISTRATION: "open",
      // Tests write faster than people do; the stories hold the limit.
      QUAD_MESSAGE_RATE: "0",
    };
  }
}

/** A port of the loopback interface that nobody uses just now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port could be had");
  return address.port;
}
