// Actions of people in tests, and a REST client.

import { writeFile } from "node:fs/promises";
import { expect, test, type Locator, type Page, type WebSocket } from "@playwright/test";
import type { Person } from "./fixtures.ts";
import type { Server } from "./server.ts";

/** The password of all accounts in tests. */
export const PASSWORD = "lantern-over-water-7";

/** Settings for tests that send more messages than the default limits allow. */
export const TALKATIVE = {
  RIALTO__LIMITS__MESSAGES__COUNT: "100000",
  RIALTO__LIMITS__REQUESTS__COUNT: "100000",
  RIALTO__LIMITS__REGISTRATIONS__COUNT: "1000",
  RIALTO__LIMITS__SIGN_IN_ADDRESS__COUNT: "1000",
};

/** A message in REST responses. */
export type Said = {
  message_id: string;
  username: string;
  user_kind: string;
  original_text: string;
  deleted: boolean;
  seq: number;
  cards: { kind: string; body: unknown }[];
};

/** A transaction, as programs send it. */
export type Transaction = { kind: string; symbol?: string; date: string; [field: string]: string | undefined };

/** An API client with its own account. */
export class Program {
  constructor(
    private readonly server: Server,
    readonly name: string,
    readonly token: string,
  ) {}

  /** Registers an account and signs in through the API. */
  static async register(server: Server, name: string): Promise<Program> {
    // With a display name the response is a session.
    const person = { username: name, name, email: mail(name), password: PASSWORD };
    const { token } = await call<{ token: string }>(server, "POST", "/api/register", undefined, person);
    return new Program(server, name, token);
  }

  /** Signs in to an existing account through the API. */
  static async signIn(server: Server, name: string): Promise<Program> {
    const answer = await call<{ token: string }>(server, "POST", "/api/login", undefined, {
      username: name,
      password: PASSWORD,
    });
    return new Program(server, name, answer.token);
  }

  call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call(this.server, method, path, this.token, body);
  }

  /** Returns the id of a channel. */
  async channel(name = "general"): Promise<string> {
    const { rooms } = await this.call<{ rooms: { room_id: string; room_name: string }[] }>("GET", "/api/rooms");
    const room = rooms.find((room) => room.room_name === name);
    if (!room) throw new Error(`there is no channel ${name}`);
    return room.room_id;
  }

  async say(text: string, channel?: string): Promise<Said> {
    const id = channel ?? (await this.channel());
    return this.call("POST", `/api/channels/${id}/messages`, { text });
  }

  /** Returns the newest messages, oldest first. */
  async read(channel?: string): Promise<Said[]> {
    const id = channel ?? (await this.channel());
    return (await this.call<{ messages: Said[] }>("GET", `/api/channels/${id}/messages?limit=100`)).messages;
  }

  /** Creates a portfolio with some transactions and returns its id. */
  async portfolio(name: string, transactions: Transaction[]): Promise<string> {
    const { id } = await this.call<{ id: string }>("POST", "/api/portfolios", { name });
    for (const one of transactions) await this.call("POST", `/api/portfolios/${id}/transactions`, one);
    return id;
  }
}

async function call<T>(server: Server, method: string, path: string, token?: string, body?: unknown): Promise<T> {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** The email address of a person in tests. */
export function mail(name: string): string {
  return `${name}@rialto.example`;
}

/** Runs an action that opens a chat page, and waits until the page is connected. */
export async function untilAlive(page: Page, act: () => Promise<unknown>): Promise<void> {
  let listen: (socket: WebSocket) => void = () => undefined;
  const alive = new Promise<void>((done) => {
    // Listens before the action, so that nothing is missed while `act` runs.
    listen = (socket) => {
      if (socket.url().includes("/rpc/gateway")) socket.once("framereceived", () => done());
    };
  });
  page.on("websocket", listen);
  try {
    await act();
    await within(30_000, alive, () => `no page is alive at ${page.url()}`);
  } finally {
    page.off("websocket", listen);
  }
}

/** Waits for a promise; fails after the time limit. */
async function within<T>(milliseconds: number, coming: Promise<T>, late: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(late())), milliseconds);
  });
  return Promise.race([coming, over]).finally(() => clearTimeout(timer));
}

/** Opens a chat page and waits until it is connected. */
export async function open(page: Page, path = "/"): Promise<void> {
  await untilAlive(page, () => page.goto(path));
}

/** Registers an account through REST, signs the person's browser in and opens a chat page. */
export async function enter(server: Server, person: Person, path = "/"): Promise<void> {
  await Program.register(server, person.name);
  await signInQuietly(person);
  await open(person.page, path);
}

/** Signs the browser in without the form; tests of the forms fill them in. */
export async function signInQuietly(person: Person, name = person.name): Promise<void> {
  const origin = new URL((await originOf(person)) ?? "").origin;
  const answer = await person.context.request.post("/rpc/accounts/sign_in", {
    form: { name, password: PASSWORD },
    headers: { origin, accept: "text/html" },
    maxRedirects: 0,
  });
  expect(answer.status(), "signing in").toBe(302);
}

async function originOf(person: Person): Promise<string> {
  const answer = await person.context.request.get("/health");
  return answer.url();
}

/** The message input. */
export function composer(page: Page): Locator {
  return page.locator("#composer");
}

/** Sends a message with the keyboard. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("");
}

/** Messages that the server has stored, without pending ones. */
export function messages(page: Page): Locator {
  return page.locator(".timeline li.message[data-seq]");
}

/** The message with a text. */
export function message(page: Page, text: string): Locator {
  return messages(page).filter({ hasText: text });
}

/** Your own messages that are not acknowledged yet. */
export function pending(page: Page): Locator {
  return page.locator(".timeline li.message.pending");
}

/** The texts of the stored messages, in order. */
export function texts(page: Page): Promise<string[]> {
  return messages(page).locator(".message-body").allInnerTexts();
}

/** A link in the channel list. */
export function channelLink(page: Page, name: string): Locator {
  return page.locator("nav.channels a.channel-link").filter({ has: page.getByText(name, { exact: true }) });
}

/** Creates a channel with the dialog, which then opens it. */
export async function makeChannel(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New channel" }).click();
  const dialog = page.getByRole("dialog", { name: "New channel" });
  await dialog.getByLabel("Channel name").fill(name);
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await expect(dialog).toBeHidden();
  await arrived(page, name);
}

/** Waits until a channel is open: its name appears a moment before its composer. */
export async function arrived(page: Page, name: string): Promise<void> {
  await expect(page.locator("h1")).toHaveText(name);
  await expect(page.getByRole("textbox", { name: `Message #${name}` })).toBeVisible();
}

/**
 * Creates a file of a given size on disk: sending megabytes through the browser's protocol is slow.
 */
export async function largeFile(name: string, size: number): Promise<string> {
  const path = test.info().outputPath(name);
  await writeFile(path, Buffer.alloc(size, "x"));
  return path;
}
