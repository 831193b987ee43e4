// What it looks like, to those who see, to those who do not, and by the keyboard alone.
// The pictures in shots/ are for people to look at.

import { expect, shot, test, violations, type Person } from "./fixtures.ts";
import { composer, enter, makeChannel, message, messages, open, PASSWORD, Program, say, signInQuietly, TALKATIVE } from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 };

/** What reaches out of the window to the side. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const most = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("body *")].filter((element) => {
      const rect = element.getBoundingClientRect();
      // What is clipped on purpose, scrolls by itself or is for screen readers is no fault.
      const hidden = element.closest(".visually-hidden, .skip-link, pre, [hidden], aside.context, nav.channels");
      return rect.width > 0 && rect.right > most + 1 && !hidden;
    });
    const wide = document.documentElement.scrollWidth - most;
    return [...(wide > 0 ? [`the page is ${wide} px too wide`] : []), ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}

/** Pictures and checks in both themes and the two widths (or the given ones). */
async function look(
  page: Page,
  name: string,
  sizes: Record<string, { width: number; height: number }> = { desk: DESK, phone: PHONE },
): Promise<void> {
  // All that is wrong, each once, with where it was first seen; the story goes on.
  const wrong = new Map<string, string>();
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await page.mouse.move(0, 0);
      await shot(page, `${name}-${size}-${theme}`);
      for (const one of [...(await sticksOut(page)), ...(await violations(page))]) {
        if (!wrong.has(one)) wrong.set(one, `${name}-${size}-${theme}`);
      }
    }
  }
  await page.setViewportSize(DESK);
  expect.soft([...wrong].map(([what, where]) => `${where}: ${what}`), name).toEqual([]);
}

const WORDS = "Revenue came in above what the street had expected while margins shrank for the third quarter in a row, which explains the move after hours. ";

/** A conversation with everything that is hard to lay out. */
async function busy(server: Parameters<typeof enter>[0], anna: Person): Promise<void> {
  const berta = await Program.register(server, "berta");
  const long = await Program.register(server, "wolfeschlegelsteinhausenbergerd");
  await berta.say("Morning all. Who is **long** into the print?");
  await berta.say("I *am*, a little. See https://rialto.example/filings/2013/q1/a-rather-long-address-that-will-not-break-anywhere/index.html?with=query&and=more");
  await long.say(WORDS.repeat(4));
  await long.say(`One word: ${"Donaudampfschifffahrtsgesellschaft".repeat(8)}`);
  await berta.say("What to watch:\n\n1. gross margin\n2. guidance\n   - services\n   - buy-backs\n3. ~~the dividend~~\n\n> cash is king\n> they say");
  await berta.say("```\nfn main() {\n    let position = portfolio.iter().filter(|p| p.symbol == \"AAPL.US\").map(|p| p.quantity * p.price).sum::<Decimal>();\n}\n```\nand `inline` too");
  await enter(server, anna);
  await say(anna.page, "/stock=aapl.us");
  await expect(anna.page.locator(".quote-price")).toHaveText("430.47");
  await say(anna.page, "/stock nope");
  await expect(message(anna.page, "No quote for NOPE.")).toBeVisible();
  await say(anna.page, "/help ");
  await expect(anna.page.locator(".bot-help")).toBeVisible();
  await say(anna.page, "مرحبا، السوق مفتوح اليوم");
  await say(anna.page, "Down on volume. I wait.");
  await expect(message(anna.page, "Down on volume")).toBeVisible();
}

test("sign-in, register and their errors", async ({ server, person }) => {
  test.setTimeout(120_000);
  await Program.register(server, "berta");
  const anna = await person("anna");
  const { page } = anna;
  anna.allowStatus(401);
  anna.allowStatus(409);
  anna.allowStatus(404);
  await page.goto("/sign-in");
  await look(page, "sign-in");
  await page.getByLabel("Username or email").fill("berta");
  await page.getByLabel("Password", { exact: true }).fill("wrong-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The name or the password is not right.")).toBeVisible();
  await look(page, "sign-in-wrong");
  await page.goto("/register");
  await look(page, "register");
  await page.getByLabel("Username").fill("berta");
  await page.getByLabel("Email").fill("other@rialto.example");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#username-error")).not.toHaveText("");
  await look(page, "register-taken");
  await page.goto("/nothing/here");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await look(page, "not-found");
});

test("channels, dialogs and messages in trouble", async ({ server, person }) => {
  test.setTimeout(120_000);
  const anna = await person("anna");
  const { page } = anna;
  await enter(server, anna);
  await look(page, "empty-channel");
  await page.getByRole("button", { name: "New channel" }).click();
  const dialog = page.getByRole("dialog", { name: "New channel" });
  await expect(dialog).toBeVisible();
  await look(page, "new-channel");
  await page.keyboard.press("Escape");
  await makeChannel(page, "a-rather-long-name-of-a-channel-to-be-cut-off");
  await say(page, "mine");
  await message(page, "mine").hover();
  await message(page, "mine").getByRole("button", { name: "Edit message" }).click();
  await look(page, "editing");
  await page.keyboard.press("Escape");
  await message(page, "mine").hover();
  await message(page, "mine").getByRole("button", { name: "Delete message" }).click();
  await look(page, "deleting");
  await page.keyboard.press("Escape");
  await composer(page).fill("/");
  await expect(page.getByRole("listbox")).toBeVisible();
  await look(page, "completions");
  await composer(page).fill("x".repeat(4003));
  await composer(page).press("Enter");
  await expect(page.locator(".composer-error")).not.toHaveText("");
  await look(page, "composer-too-long");
  await composer(page).fill("");

  anna.allowDisconnection();
  await server.kill9();
  await say(page, "into the dark");
  await expect(page.getByText("The connection is lost.")).toBeVisible();
  await look(page, "connection-lost");
});

test.describe("a refused message", () => {
  test.use({ settings: { RIALTO__LIMITS__MESSAGES__COUNT: "1" } });
  test("looks refused", async ({ server, person }) => {
    const anna = await person("anna");
    await enter(server, anna);
    await say(anna.page, "first");
    await say(anna.page, "second");
    await expect(anna.page.locator("li.message.failed")).toBeVisible();
    await look(anna.page, "refused");
  });
});

test("the conversation", async ({ server, person }) => {
  test.setTimeout(180_000);
  const anna = await person("anna", { viewport: DESK });
  const { page } = anna;
  await busy(server, anna);
  await look(page, "conversation", { desk: DESK, phone: PHONE, narrow: NARROW });
  // 200 % zoom: half the pixels, each twice as large.
  await look(page, "conversation-zoomed", { desk: { width: 720, height: 450 } });
  await page.locator(".timeline").evaluate((timeline) => timeline.scrollBy(0, -700));
  await look(page, "conversation-up");
  await page.setViewportSize(PHONE);
  for (const view of ["Channels", "Members"]) {
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: view }).click();
    await look(page, `phone-${view.toLowerCase()}`, { phone: PHONE, narrow: NARROW });
    await page.setViewportSize(PHONE);
  }
});

test("by the keyboard alone", async ({ server, person }) => {
  const anna = await person("anna", { viewport: DESK });
  const { page } = anna;
  // Colours change at once: what is compared below is not on its way.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const berta = await Program.register(server, "berta");
  await berta.say("hello anna");
  await berta.call("POST", "/api/rooms", { room_name: "bonds" });
  await Program.register(server, "anna");
  await signInQuietly(anna);
  await open(page);
  await say(page, "hello berta");
  await expect(messages(page)).toHaveCount(2);
  await open(page);

  /** What has the focus, in words. */
  const focused = () => page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return "nothing";
    return (element.getAttribute("aria-label") ?? element.id) || element.innerText.replace(/\s+/g, " ").trim();
  });
  /** The focus can be seen: something about the element is otherwise than without it. */
  const visible = () => page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const look = (of: Element) => {
      const style = getComputedStyle(of);
      return [style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" : style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join(";");
    };
    const parents = () => [element, element.parentElement, element.parentElement?.parentElement].filter((one) => !!one).map((one) => look(one)).join("|");
    const opacity = getComputedStyle(element).opacity;
    const rect = element.getBoundingClientRect();
    const withFocus = parents();
    element.blur();
    const without = parents();
    element.focus({ preventScroll: true });
    return withFocus !== without && opacity !== "0" && rect.width > 0 && rect.height > 0;
  });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the conversation");
  await expect(page.getByRole("link", { name: "Skip to the conversation" })).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect.soft(page.locator("#conversation"), "the skip link leads there").toBeFocused({ timeout: 3_000 });
  await page.locator("#conversation").focus();

  // From the conversation on to where one writes; on the way stand the actions of messages.
  const seen: string[] = [];
  for (let n = 0; n < 30 && seen.at(-1) !== "composer"; n++) {
    await page.keyboard.press("Tab");
    seen.push(await focused());
    expect.soft(await visible(), `the focus is seen on: ${seen.at(-1)}`).toBe(true);
  }
  expect(seen).toContain("composer");
  expect(seen).toEqual(expect.arrayContaining(["Messages in general", "Copy text", "Edit message", "Delete message"]));
  expect(seen.indexOf("Delete message")).toBeLessThan(seen.indexOf("composer"));

  // The other way round: channels before the conversation.
  await page.locator("#conversation").evaluate((main: HTMLElement) => main.focus());
  const back: string[] = [];
  for (let n = 0; n < 20 && back.at(-1) !== "bonds"; n++) {
    await page.keyboard.press("Shift+Tab");
    back.push(await focused());
    expect.soft(await visible(), `the focus is seen on: ${back.at(-1)}`).toBe(true);
  }
  expect(back).toContain("bonds");
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText("bonds");
  expect(await focused(), "the focus is not lost by going elsewhere").not.toBe("nothing");

  // A dialog takes the focus and gives it back.
  const plus = page.getByRole("button", { name: "New channel" });
  await plus.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New channel" });
  await expect(dialog).toBeVisible();
  await expect.soft(dialog.getByLabel("Channel name"), "writing starts at once").toBeFocused();
  for (let n = 0; n < 6; n++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest("dialog")), "the focus stays in the dialog").toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(plus).toBeFocused();

  // Edit a message without a mouse; the focus comes back to where one was.
  await page.goBack();
  await expect(page.locator("h1")).toHaveText("general");
  const edit = message(page, "hello berta").getByRole("button", { name: "Edit message" });
  await edit.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Edit message" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect.soft(edit, "leaving the edit returns the focus").toBeFocused();
  await edit.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const sure = page.getByRole("dialog", { name: "Delete message" });
  await expect(sure).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(message(page, "hello berta").getByRole("button", { name: "Delete message" })).toBeFocused();
  await page.keyboard.press("Enter");
  await sure.getByRole("button", { name: "Delete message" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("li.message.tombstone")).toBeVisible();
  expect.soft(await focused(), "the focus is not lost with the message").not.toBe("nothing");
});
