// Two members chat.

import { expect, test, type Person } from "./fixtures.ts";
import {
  channelLink, composer, enter, makeChannel, message, messages, open, Program, say, signInQuietly, TALKATIVE, texts,
} from "./steps.ts";
import type { Page } from "@playwright/test";

test.use({ settings: TALKATIVE });

test("what one says the other reads at once", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await expect(anna.page.getByText("This is the start of #general")).toBeVisible();
  await enter(server, berta);

  await say(anna.page, "Good **morning**, see https://rialto.example/a?b=1 and `code`");
  const first = message(berta.page, "Good morning");
  await expect(first.locator(".message-author")).toHaveText("anna");
  await expect(first.locator("strong")).toHaveText("morning");
  await expect(first.locator(".message-body code")).toHaveText("code");
  const link = first.getByRole("link", { name: "https://rialto.example/a?b=1" });
  await expect(link).toHaveAttribute("href", "https://rialto.example/a?b=1");
  await expect(link).toHaveAttribute("rel", /noopener.*noreferrer/);
  await expect(first.locator("time")).toBeVisible();

  await composer(berta.page).fill("two");
  await composer(berta.page).press("Shift+Enter");
  await composer(berta.page).pressSequentially("lines");
  await composer(berta.page).press("Enter");
  const second = message(anna.page, "two");
  await expect(second.locator(".message-author")).toHaveText("berta");
  expect((await second.locator(".message-body").innerText()).split("\n")).toEqual(["two", "lines"]);

  // Consecutive messages of one author form a group.
  await say(berta.page, "and a third");
  await expect(message(anna.page, "and a third")).toBeVisible();
  await expect(anna.page.locator(".timeline li.message.first")).toHaveCount(2);
  await expect(berta.page.locator(".timeline li.message.first")).toHaveCount(2);
  expect(await texts(anna.page)).toEqual(await texts(berta.page));
  await say(berta.page, "<b>not bold</b> & so on");
  await expect(message(anna.page, "<b>not bold</b> & so on")).toBeVisible();
});

test("who writes and who is here is seen", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  const here = (page: Page) => page.locator("aside.context .member:not(.away) .member-name");
  await expect(here(anna.page).filter({ hasText: "berta" })).toHaveCount(0);
  await enter(server, berta);
  await expect(here(anna.page).filter({ hasText: "berta" })).toHaveCount(1);
  await expect(here(berta.page).filter({ hasText: "anna" })).toHaveCount(1);

  const line = anna.page.locator(".typing-line");
  await composer(berta.page).pressSequentially("I th");
  await expect(line).toHaveText("berta is typing");
  await expect(berta.page.locator(".typing-line"), "one knows of oneself").toHaveText("");
  await composer(berta.page).pressSequentially("ink");
  await composer(berta.page).press("Enter");
  await expect(message(anna.page, "I think")).toBeVisible();
  await expect(line).toHaveText("");
  await composer(berta.page).pressSequentially("more");
  await expect(line).toHaveText("berta is typing");
  await expect(line, "who stops is forgotten").toHaveText("", { timeout: 12_000 });

  // A second window: the member stays online until both are closed.
  const other = await berta.context.newPage();
  await open(other);
  await berta.page.close();
  await say(other, "from my other window");
  await expect(message(anna.page, "from my other window")).toBeVisible();
  await expect(here(anna.page).filter({ hasText: "berta" })).toHaveCount(1);
  await other.close();
  await expect(here(anna.page).filter({ hasText: "berta" })).toHaveCount(0, { timeout: 20_000 });
  await expect(anna.page.locator("aside.context .member.away")).toHaveText(/berta/);
});

test("of many members more are drawn as one scrolls to them", async ({ server, person }) => {
  const names = Array.from({ length: 45 }, (_, n) => `member${n + 10}`);
  await Promise.all(names.map((name) => Program.register(server, name)));
  const anna = await person("anna");
  await enter(server, anna);
  const away = anna.page.locator("aside.context .member.away .member-name");
  await expect(anna.page.getByRole("heading", { name: "Offline, 45" })).toBeVisible();
  await expect(away).toHaveCount(30);
  await anna.page.locator("aside.context .pane-body").evaluate((pane) => pane.scrollTo(0, pane.scrollHeight));
  await expect(away).toHaveText(names);
  await expect(anna.page.getByRole("button", { name: "Show more members" })).toHaveCount(0);
});

test("one changes and takes back what one said", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await enter(server, berta);
  await say(anna.page, "I bought hight");
  await say(berta.page, "oh");
  const mine = message(anna.page, "I bought");
  const theirs = message(anna.page, "oh");
  await theirs.hover();
  await expect(theirs.getByRole("button", { name: "Copy text" })).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Edit message" })).toHaveCount(0);
  await expect(theirs.getByRole("button", { name: "Delete message" })).toHaveCount(0);

  await mine.hover();
  await mine.getByRole("button", { name: "Edit message" }).click();
  const box = anna.page.getByRole("textbox", { name: "Edit message" });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("I bought hight");
  await box.press("Escape");
  await expect(box).toHaveCount(0);
  await mine.hover();
  await mine.getByRole("button", { name: "Edit message" }).click();
  await box.fill("I bought high");
  await box.press("Enter");
  for (const { page } of [anna, berta]) {
    await expect(message(page, "I bought high").locator(".message-edited")).toHaveText("edited");
    await expect(message(page, "hight")).toHaveCount(0);
  }

  await mine.hover();
  await mine.getByRole("button", { name: "Delete message" }).click();
  const dialog = anna.page.getByRole("dialog", { name: "Delete message" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(mine).toBeVisible();
  await mine.hover();
  await mine.getByRole("button", { name: "Delete message" }).click();
  await dialog.getByRole("button", { name: "Delete message" }).click();
  for (const { page } of [anna, berta]) {
    await expect(page.locator("li.message.tombstone")).toHaveText(/Message deleted/);
    await expect(message(page, "I bought high")).toHaveCount(0);
    await page.reload();
    await expect(page.locator("li.message.tombstone")).toHaveText(/Message deleted/);
  }
  expect((await (await Program.signIn(server, "berta")).read()).map((said) => said.original_text)).not.toContain("I bought high");
});

test("a reload keeps the place and the draft", async ({ server, person }) => {
  const anna = await person("anna");
  await enter(server, anna);
  const { page } = anna;
  await makeChannel(page, "earnings");
  const place = page.url();
  await composer(page).fill("half a thought");
  await open(page, place);
  expect(page.url()).toBe(place);
  await expect(page.locator("h1")).toHaveText("earnings");
  await expect(composer(page)).toHaveValue("half a thought");
  await channelLink(page, "general").click();
  await expect(page.locator("h1")).toHaveText("general");
  await expect(composer(page), "a draft belongs to its channel").toHaveValue("");
  await page.goBack();
  await expect(page.locator("h1")).toHaveText("earnings");
  await expect(composer(page)).toHaveValue("half a thought");
  await composer(page).press("Enter");
  await expect(message(page, "half a thought")).toBeVisible();
  await open(page, place);
  await expect(composer(page)).toHaveValue("");
});

test("a channel that one makes is at the other's, with what is unread in it", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await enter(server, berta);
  await makeChannel(anna.page, "options");
  const link = channelLink(berta.page, "options");
  await expect(link).toBeVisible();
  await expect(link.locator(".count")).toHaveCount(0);
  for (const n of [1, 2, 3]) await say(anna.page, `in options ${n}`);
  await expect(link.locator(".count")).toHaveText("3");
  await expect(link).toContainText("3 unread messages");
  const window = await berta.context.newPage();
  await open(window);
  const elsewhere = channelLink(window, "options");
  await expect(elsewhere.locator(".count")).toHaveText("3");
  expect(await texts(berta.page), "nothing of it elsewhere").toEqual([]);
  await link.click();
  await expect(message(berta.page, "in options 3")).toBeVisible();
  await expect(link.locator(".count")).toHaveCount(0);
  await expect(elsewhere.locator(".count"), "also in one's other window").toHaveCount(0);
  await channelLink(berta.page, "general").click();
  await expect(berta.page.locator("h1")).toHaveText("general");
  await expect(link.locator(".count"), "what was read stays read").toHaveCount(0);
  await open(berta.page);
  await expect(link.locator(".count")).toHaveCount(0);

  // Messages received while away appear below the unread line.
  await berta.page.goto("about:blank");
  await say(anna.page, "while you were away");
  await expect(message(anna.page, "while you were away")).toBeVisible();
  await open(berta.page);
  await expect(link.locator(".count")).toHaveText("1");
  await link.click();
  await expect(berta.page.locator("#unread-line + li.message")).toContainText("while you were away");

  // The dialog rejects a duplicate name.
  berta.allowStatus(409);
  await berta.page.getByRole("button", { name: "New channel" }).click();
  const dialog = berta.page.getByRole("dialog", { name: "New channel" });
  await dialog.getByLabel("Channel name").fill("Options");
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await expect(dialog.getByText("This channel name is taken. Choose another one.")).toBeVisible();
});

test("300 messages are read by scrolling, without a jump", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  const program = await Program.register(server, "carl");
  const general = await program.channel();
  for (let n = 1; n <= 300; n++) {
    // Messages of different heights.
    await program.say(`number ${n}.${"\nline".repeat(n % 4)}${n % 7 === 0 ? " word".repeat(120) : ""}`, general);
  }
  await enter(server, anna);
  const { page } = anna;
  const timeline = page.locator(".timeline");
  const number = (n: number) => messages(page).filter({ hasText: new RegExp(`number ${n}\\.`) });
  await expect(number(300)).toBeInViewport();

  // History responses are held until scrolling stops, so that any movement comes from them.
  let held: (() => Promise<void>) | undefined;
  await page.route("**/rpc/chat/history", (route) => {
    held = () => route.continue();
  });
  await page.mouse.move(600, 400);
  let loaded = 0;
  let worst = 0;
  for (const [step, goal] of [[-900, 1], [900, 300]] as const) {
    for (let round = 0; !(await number(goal).count()) || !(await number(goal).evaluate(inView)); round++) {
      if (round > 100) throw new Error(`number ${goal} was not reached`);
      await page.mouse.wheel(0, step);
      await place(page);
      if (!held) continue;
      const release: () => Promise<void> = held;
      held = undefined;
      const before = await place(page);
      const edges = () => messages(page).evaluateAll((rows) => [rows.at(0)?.id, rows.at(-1)?.id].join());
      const known = await edges();
      await release();
      await expect.poll(edges).not.toBe(known);
      await place(page);
      const top = await page.locator(`#${before.id}`).evaluate((row) => row.getBoundingClientRect().top);
      worst = Math.max(worst, Math.abs(top - before.top));
      loaded += 1;
    }
  }
  expect(loaded, "history came in pages").toBeGreaterThan(3);
  expect(worst, "what is before the eyes stays there while history comes").toBeLessThanOrEqual(2);
  const seqs = await messages(page).evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.seq)));
  expect(seqs, "without gaps or doubles").toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));

  // While reading history, the position stays when others send messages.
  await page.mouse.wheel(0, -1200);
  await expect(page.locator(".jump-latest")).toBeVisible();
  const before = await place(page);
  await enter(server, berta);
  await say(berta.page, "hello up there");
  await expect(page.locator(".jump-latest")).toHaveText(/1 new message/);
  const after = await place(page);
  expect(after.id).toBe(before.id);
  expect(Math.abs(after.top - before.top)).toBeLessThanOrEqual(2);
  await page.locator(".jump-latest").click();
  await expect(message(page, "hello up there")).toBeInViewport();
  await expect(page.locator(".jump-latest")).toBeHidden();
  await say(berta.page, "welcome down here");
  await expect(message(page, "welcome down here"), "at the end one follows").toBeInViewport();
  await expect(timeline).toBeVisible();
});

/** True if an element is visible in the timeline. Runs in the page. */
function inView(element: Element): boolean {
  const area = element.closest(".timeline")?.getBoundingClientRect();
  const rect = element.getBoundingClientRect();
  return area !== undefined && rect.bottom > area.top && rect.top < area.bottom;
}

/** Returns the first visible message and its position. */
async function place(page: Page): Promise<{ id: string; top: number }> {
  // Waits until the browser has finished scrolling.
  return page.evaluate(async () => {
    const timeline = document.querySelector(".timeline");
    if (!timeline) throw new Error("no timeline");
    let last = NaN;
    while (last !== timeline.scrollTop) {
      last = timeline.scrollTop;
      for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
    }
    const area = timeline.getBoundingClientRect();
    const row = [...timeline.querySelectorAll("li.message[id]")].find((row) => row.getBoundingClientRect().bottom > area.top);
    return { id: row?.id ?? "", top: row?.getBoundingClientRect().top ?? 0 };
  });
}

// Attack attempts. None may run, and only our own elements may appear.
const PAYLOADS = [
  "<script>window.hacked = 1</script>",
  "<img src=x onerror=window.hacked=2>",
  "<svg onload=window.hacked=3>",
  "<iframe srcdoc='<script>parent.hacked=4</script>'></iframe>",
  "[a](javascript:window.hacked=5)",
  "[b](JaVaScRiPt:window.hacked=6)",
  "[c](java\tscript:window.hacked=7)",
  "[d](&#106;avascript:window.hacked=8)",
  "[e](data:text/html,<script>opener.hacked=9</script>)",
  "[f](vbscript:msgbox(1))",
  "<javascript:window.hacked=10>",
  "![x](x\" onerror=\"window.hacked=11)",
  "[g](https://a.example/\" onmouseover=\"window.hacked=12)",
  "`<img src=x onerror=window.hacked=13>`",
  "```html\n</code></pre><img src=x onerror=window.hacked=14>\n```",
  "> <img src=x onerror=window.hacked=15>",
  "- <details open ontoggle=window.hacked=16>",
  "</textarea></script><script>window.hacked=17</script>",
  "<style>body{display:none}</style>",
  "<a href=\"javascript:window.hacked=18\">click</a>",
  "https://a.example/'onclick=window.hacked=19//",
  "[h][i]\n\n[i]: javascript:window.hacked=20",
  "<form action=javascript:window.hacked=21><button>x</button></form>",
  "{{constructor.constructor('window.hacked=22')()}}",
  "<base href=https://evil.example/><meta http-equiv=refresh content=0>",
];

test("nothing that is said runs, neither live nor after a reload", async ({ server, person }) => {
  const [anna, berta] = [await person("anna"), await person("berta")];
  await enter(server, anna);
  await enter(server, berta);
  const dialogs: string[] = [];
  for (const { page } of [anna, berta]) {
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  }
  for (const payload of PAYLOADS) {
    await composer(berta.page).fill(payload);
    await composer(berta.page).press("Enter");
    await expect(composer(berta.page)).toHaveValue("");
  }
  const check = async (who: Person, when: string) => {
    const { page } = who;
    await expect(messages(page), when).toHaveCount(PAYLOADS.length);
    const found = await page.locator(".timeline").evaluate((timeline) => {
      const all = [...timeline.querySelectorAll(".message-body *")];
      const known = new Set("P CODE PRE BLOCKQUOTE OL UL LI EM STRONG S A BR".split(" "));
      return {
        foreign: all.filter((element) => !known.has(element.tagName)).map((element) => element.outerHTML),
        listeners: all.filter((element) => [...element.attributes].some((attribute) => attribute.name.startsWith("on"))).length,
        links: [...timeline.querySelectorAll("a")].map((link) => link.protocol),
        hacked: (window as { hacked?: number }).hacked,
      };
    });
    expect(found.foreign, when).toEqual([]);
    expect(found.listeners, when).toBe(0);
    expect(found.hacked, when).toBeUndefined();
    for (const protocol of found.links) expect(["http:", "https:", "mailto:"], when).toContain(protocol);
    // Text that looks like a link but is not has no effect.
    for (const letter of ["a", "b", "c", "d"]) await expect(page.getByRole("link", { name: letter, exact: true })).toHaveCount(0);
  };
  await check(anna, "live");
  await check(berta, "at the author's own");
  await open(anna.page);
  await check(anna, "rendered by the server");
  expect(dialogs).toEqual([]);

  // The same attacks in names.
  const answer = async (body: object) => {
    const result = await fetch(`${server.url}/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password: "lantern-over-water-7", ...body }),
    });
    return [result.status, (await result.json()) as { token?: string }] as const;
  };
  for (const username of ["<script>alert(1)</script>", "a\"onclick=x", "admin\u202Egnp", "zero\u200Bwidth", "\u0000nul"]) {
    const [status] = await answer({ username, email: "evil@a.example" });
    expect(status, username).toBe(400);
  }
  const name = "<img src=x onerror=window.hacked=30>";
  const [status, evil] = await answer({ name, email: "evil@a.example" });
  expect(status, "a display name may hold any visible character").toBe(201);
  const general = await (await Program.signIn(server, "anna")).channel();
  await fetch(`${server.url}/api/channels/${general}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${evil.token}` },
    body: JSON.stringify({ text: "my name is evil" }),
  });
  await expect(message(anna.page, "my name is evil").locator(".message-author")).toHaveText(name);
  await open(anna.page);
  await expect(message(anna.page, "my name is evil").locator(".message-author")).toHaveText(name);
  await expect(anna.page.locator(".member-name").filter({ hasText: name })).toHaveCount(1);
  expect(await anna.page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  await expect(anna.page.locator("img[src=x], .timeline script")).toHaveCount(0);
});

test("channels can be told from one's own: signed in twice, one account", async ({ server, person }) => {
  const [desk, sofa] = [await person("anna"), await person("sofa")];
  await enter(server, desk);
  await signInQuietly(sofa, "anna");
  await open(sofa.page);
  await makeChannel(desk.page, "bonds");
  await say(desk.page, "from the desk");
  await expect(channelLink(sofa.page, "bonds"), "own words are not unread").toBeVisible();
  await channelLink(sofa.page, "bonds").click();
  await expect(message(sofa.page, "from the desk")).toBeVisible();
  await say(sofa.page, "from the sofa");
  await expect(message(desk.page, "from the sofa")).toBeVisible();
  await expect(channelLink(desk.page, "bonds").locator(".count")).toHaveCount(0);
});
