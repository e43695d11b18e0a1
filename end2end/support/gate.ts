// A piece of network between a browser and the server that a test can cut, as a bad line does: the browser's own
// offline switch tells the page, a broken line does not.

import { once } from "node:events";
import { connect, createServer, type Server as NetServer, type Socket } from "node:net";

export class Gate {
  private readonly connections = new Set<Socket>();
  private isCut = false;
  private isDeaf = false;

  private constructor(
    private readonly listener: NetServer,
    private readonly serverPort: number,
  ) {}

  /** A gate that leads to a port of this machine. */
  static async to(serverPort: number): Promise<Gate> {
    const listener = createServer();
    const gate = new Gate(listener, serverPort);
    listener.on("connection", (client) => gate.accept(client));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return gate;
  }

  /** Where browsers find the server through this gate. */
  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === "string") throw new Error("the gate is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Breaks every connection, and each new one at once. */
  cut(): void {
    this.isCut = true;
    for (const connection of this.connections) connection.destroy();
  }

  /** From now on what the server says is lost on the way; what it is told still arrives. */
  deafen(): void {
    this.isDeaf = true;
  }

  /** Lets everything through again. */
  mend(): void {
    this.isCut = false;
    this.isDeaf = false;
  }

  /** Breaks every connection and takes no more. */
  async end(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, "close");
  }

  private accept(client: Socket): void {
    if (this.isCut) {
      client.destroy();
      return;
    }
    const server = connect(this.serverPort, "127.0.0.1");
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.connections.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.connections.delete(from);
        to.destroy();
      });
    }
    client.on("data", (data) => server.write(data));
    server.on("data", (data) => {
      if (!this.isDeaf) client.write(data);
    });
  }
}
