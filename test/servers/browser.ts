/**
 * A headless Chromium, spoken to over its DevTools protocol: opens one page at a time and answers questions
 * about it. The protocol needs no package, and evaluates even where the page itself may run nothing.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The browser's program, or null where there is none. */
export function findBrowser(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly phone: boolean;
  readonly dark: boolean;
}

export interface Seen {
  /** Everything that the page asked for, itself included. */
  readonly requests: readonly string[];
  /** Errors and refusals that the browser wrote to its console. */
  readonly complaints: readonly string[];
  /** What an expression is worth in the page, as JSON. */
  ask(expression: string): Promise<unknown>;
  /** Shows from now on what a printer would get. */
  toPaper(): Promise<unknown>;
  /** A PNG of the whole page, or of what is in the window. */
  picture(of?: "page" | "window"): Promise<Buffer>;
}

export interface Browser {
  see(url: string, screen: Screen): Promise<Seen>;
  close(): Promise<void>;
}

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--remote-debugging-port=0",
];

export async function startBrowser(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "photohaul-browser-"));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  const wire = await Wire.open(await pageAddress(profile, child));
  return {
    see: (url, screen) => see(wire, url, screen),
    async close() {
      wire.close();
      child.kill("SIGKILL");
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** The browser writes its port into its profile once it listens. */
async function pageAddress(profile: string, child: ChildProcess): Promise<string> {
  for (let tries = 0; tries < 150 && child.exitCode === null; tries += 1) {
    await sleep(100);
    try {
      const port = (await readFile(join(profile, "DevToolsActivePort"), "utf8")).split("\n")[0];
      const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
      const pages: { type: string; webSocketDebuggerUrl: string }[] = JSON.parse(await answer.text());
      const page = pages.find(({ type }) => type === "page");
      if (page) return page.webSocketDebuggerUrl;
    } catch {
      // not there yet
    }
  }
  throw new Error("Chromium did not start within 15 s");
}

async function see(wire: Wire, url: string, screen: Screen): Promise<Seen> {
  const { width, height, phone, dark } = screen;
  const requests: string[] = [];
  const complaints: string[] = [];
  wire.hear = ({ method, params }) => {
    if (method === "Network.requestWillBeSent") requests.push(String(params.request?.url));
    if (method === "Log.entryAdded") complaints.push(String(params.entry?.text));
  };
  for (const room of ["Network", "Log", "Page", "Runtime"]) await wire.call(`${room}.enable`, {});
  const metrics = { width, height, deviceScaleFactor: 1, mobile: phone };
  await wire.call("Emulation.setDeviceMetricsOverride", metrics);
  const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
  await wire.call("Emulation.setEmulatedMedia", { media: "", features });
  await wire.call("Page.navigate", { url });
  const ask = async (expression: string) => {
    const answer = await wire.call("Runtime.evaluate", { expression, returnByValue: true });
    return answer.result?.value;
  };
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await ask("document.readyState + location.href")) === `complete${url}`) break;
    await sleep(50);
  }
  const picture = async (of: "page" | "window" = "page") => {
    const shot = { format: "png", captureBeyondViewport: of === "page" };
    return Buffer.from(String((await wire.call("Page.captureScreenshot", shot)).data), "base64");
  };
  const toPaper = () => wire.call("Emulation.setEmulatedMedia", { media: "print" });
  return { requests, complaints, ask, toPaper, picture };
}

/** What the protocol says, as far as this file reads it. */
interface Answer {
  readonly result?: { readonly value?: unknown };
  readonly data?: string;
  readonly request?: { readonly url: string };
  readonly entry?: { readonly text: string };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params: Answer;
  readonly result: Answer;
  readonly error?: { readonly message: string };
}

class Wire {
  hear: (message: Message) => void = () => {};
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, PromiseWithResolvers<Answer>>();
  private last = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => this.receive(JSON.parse(String(data))));
  }

  static async open(address: string): Promise<Wire> {
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new Wire(socket);
  }

  call(method: string, params: object): Promise<Answer> {
    this.last += 1;
    const answer = Promise.withResolvers<Answer>();
    this.waiting.set(this.last, answer);
    this.socket.send(JSON.stringify({ id: this.last, method, params }));
    return answer.promise;
  }

  close(): void {
    this.socket.close();
  }

  private receive(message: Message): void {
    if (message.id === undefined) {
      this.hear(message);
      return;
    }
    const answer = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) answer?.reject(new Error(message.error.message));
    else answer?.resolve(message.result);
  }
}
