// Registering, signing in and signing out.

import { expect, shot, test } from "./fixtures.ts";
import { mail, messages, open, PASSWORD, Program, say, signInQuietly, texts, untilAlive } from "./steps.ts";
import type { Page } from "@playwright/test";

async function register(page: Page, name: string, email = mail(name), password = PASSWORD): Promise<void> {
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Username or email").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Waits until a form is hydrated: before, it submits without JavaScript. */
async function formAlive(page: Page): Promise<void> {
  const password = page.getByLabel("Password", { exact: true });
  await expect(async () => {
    await page.getByRole("button", { name: "Show password" }).click({ timeout: 1_000 });
    await expect(password).toHaveAttribute("type", "text", { timeout: 1_000 });
  }).toPass();
  await page.getByRole("button", { name: "Hide password" }).click();
  await expect(password).toHaveAttribute("type", "password");
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

test("one registers, lands in #general, signs out and in again by either name", async ({ person }) => {
  const anna = await person("anna");
  const { page } = anna;
  await page.goto("/");
  await expect(page, "strangers are led to sign in").toHaveURL(/\/sign-in$/);
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Create an account");

  await untilAlive(page, () => register(page, "anna"));
  await expect(page).toHaveURL(/\/channels\/[^/]+\/[^/]+$/);
  await expect(page.locator("h1")).toHaveText("general");
  await expect(page).toHaveTitle("#general · Rialto");
  await expect(page.locator(".account-card")).toContainText("@anna");
  await say(page, "I am in");
  await expect(messages(page)).toHaveCount(1);

  await signOut(page);
  expect((await anna.context.cookies()).map((cookie) => cookie.name).filter((name) => /session|access|refresh/.test(name))).toEqual([]);
  await untilAlive(page, () => signIn(page, mail("anna")));
  await expect(page.locator("h1")).toHaveText("general");

  await signOut(page);
  await untilAlive(page, () => signIn(page, "anna"));
  expect(await texts(page)).toEqual(["I am in"]);
});

test("what is wrong is said in its place", async ({ server, person }) => {
  await Program.register(server, "anna");
  const berta = await person("berta");
  const { page } = berta;

  berta.allowStatus(401);
  await page.goto("/sign-in");
  await formAlive(page);
  await signIn(page, "anna", "not-the-password");
  const sentence = page.getByText("Wrong username or password. Check both and try again.");
  await expect(sentence).toBeVisible();
  await expect(page, "and nothing else happens").toHaveURL(/\/sign-in$/);
  await expect(page.getByLabel("Username or email"), "what was typed stays").toHaveValue("anna");
  // An unknown username gets the same message.
  await signIn(page, "nobody", "not-the-password");
  await expect(sentence).toBeVisible();

  berta.allowStatus(400);
  berta.allowStatus(409);
  await page.goto("/register");
  await formAlive(page);
  // Names that differ only in case or in look-alike letters.
  for (const taken of ["anna", "ANNA", "аnnа"]) {
    await register(page, taken, mail("berta"));
    await expect(page.locator("#username-error"), taken).toHaveText(
      "This username, or a similar one, is taken. Choose another one.",
    );
    await expect(page.getByLabel("Username")).toBeFocused();
    await expect(page.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
  }
  await register(page, "berta", mail("anna"));
  await expect(page.locator("#email-error")).toHaveText("An account with this email exists. Sign in instead.");
  await expect(page.getByLabel("Email")).toBeFocused();

  await register(page, "x", mail("berta"));
  await expect(page.locator("#username-error")).toHaveText("Username too short. Use at least 2 characters.");
  await register(page, "be\u202Enna", mail("berta"));
  await expect(page.locator("#username-error")).toHaveText("Remove invisible characters and extra accents from the name.");
});

test("the strength of a password is told while it is typed", async ({ person }) => {
  const { page } = await person("anna");
  await page.goto("/register");
  const password = page.getByLabel("Password", { exact: true });
  const words = page.locator(".meter-words");
  // The meter works once the page is hydrated.
  await expect(async () => {
    await password.fill("");
    await password.pressSequentially("password");
    await expect(words).toHaveText(/Very weak/, { timeout: 2_000 });
  }).toPass();
  await password.fill("correct horse battery staple lantern");
  await expect(words).toHaveText(/Strong/);
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "Hide password" }).click();
  await expect(password).toHaveAttribute("type", "password");
});

test("signing in leads to where one wanted to go, and never out of the house", async ({ server, person }) => {
  const program = await Program.register(server, "anna");
  await program.call("POST", "/api/rooms", { room_name: "earnings" });
  const anna = await person("anna");
  const { page } = anna;
  await signInQuietly(anna);
  await open(page);
  await untilAlive(page, () => page.goto("/"));
  await page.locator("nav.channels a.channel-link").filter({ hasText: "earnings" }).click();
  await expect(page.locator("h1")).toHaveText("earnings");
  const wanted = new URL(page.url()).pathname;
  // Requests that the page sends while its cookies are removed return 401.
  anna.allowStatus(401);
  await anna.context.clearCookies();

  await page.goto(wanted);
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?next=${encodeURIComponent(wanted).replaceAll("%2F", "(%2F|/)")}$`));
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Create an account");
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await untilAlive(page, () => signIn(page, "anna"));
  expect(new URL(page.url()).pathname, "also by way of the other form").toBe(wanted);

  for (const path of ["/sign-in", "/register"]) {
    await untilAlive(page, () => page.goto(path));
    await expect(page.locator("h1"), "who is in needs no form").toHaveText("general");
  }

  for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
    await anna.context.clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await untilAlive(page, () => signIn(page, "anna"));
    expect(new URL(page.url()).origin, next).toBe(server.url);
    await expect(page.locator("h1")).toHaveText("general");
  }
});

test("without scripts one registers, signs in, reads and sees what is wrong", async ({ server, person }) => {
  const program = await Program.register(server, "berta");
  await program.say("You can read **this** without scripts");
  const anna = await person("anna", { scripts: false });
  // Scripts that the head preloads and that then do not run.
  anna.allow(/^request: csp GET .*\.js$/);
  const { page } = anna;
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByRole("link", { name: "Create an account" }).click();
  await register(page, "berta", mail("anna"));
  await expect(page.locator("#username-error")).toHaveText(/is taken/);
  await register(page, "anna");
  await expect(page.locator("h1")).toHaveText("general");
  await expect(messages(page)).toHaveCount(1);
  await expect(messages(page).locator("strong")).toHaveText("this");
  await expect(messages(page).locator(".message-author")).toHaveText("berta");
  await expect(page.locator("#composer"), "what needs scripts is not offered").toBeHidden();
  await shot(page, "without-scripts");
  await signOut(page);

  await signIn(page, "anna", "not-the-password");
  await expect(page.getByText("Wrong username or password.")).toBeVisible();
  await signIn(page, "anna");
  await expect(page.locator("h1")).toHaveText("general");
});

test("an address where nothing is says so", async ({ server, person }) => {
  await Program.register(server, "anna");
  const anna = await person("anna");
  anna.allowStatus(404);
  const { page } = anna;
  for (const path of ["/nothing/here", "/channels/x/y"]) {
    if (path.startsWith("/channels")) await signInQuietly(anna);
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "Page not found" }), path).toBeVisible();
  }
  await page.goto("/nothing/here");
  await untilAlive(page, () => page.getByRole("link", { name: "Go to your channels" }).click());
  await expect(page.locator("h1")).toHaveText("general");
});
