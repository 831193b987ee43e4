// What a page looks like at every size and in both themes: pictures for people to look at, and
// checks of what can be checked. `shots/index.html` shows all of them (contact.ts).

import { expect, type Page } from "@playwright/test";
import { COLOURS, shot, violations } from "./fixtures.ts";

/** A size of a window, in CSS pixels. */
export type Size = { width: number; height: number };

/** The sizes that pages have to look right in. */
export const SIZES = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
  tablet: { width: 834, height: 1112 },
  wide: { width: 2560, height: 1440 },
  // 200 % zoom of a small laptop: half the pixels, each twice as large.
  zoomed: { width: 720, height: 450 },
} satisfies Record<string, Size>;

/** What reaches out of the window to the side. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const most = document.documentElement.clientWidth;
    // What is cut off on purpose (with dots), or scrolls by itself.
    const clipped = (element: Element) => {
      for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
        const cut = ["hidden", "clip", "auto", "scroll"].includes(getComputedStyle(above).overflowX);
        const dots = getComputedStyle(above).textOverflow === "ellipsis" || above.matches("pre, .wide-table");
        if (cut && dots && above.getBoundingClientRect().right <= most + 1) return true;
      }
      return false;
    };
    const out = [...document.querySelectorAll("body *")].filter((element) => {
      const rect = element.getBoundingClientRect();
      // What is for screen readers or in a drawer that is closed is no fault.
      const hidden = element.closest(".visually-hidden, .skip-link, [hidden], aside.context, nav.channels");
      return rect.width > 0 && rect.right > most + 1 && !hidden && !clipped(element);
    });
    const wide = document.documentElement.scrollWidth - most;
    return [...(wide > 0 ? [`the page is ${wide} px too wide`] : []), ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}

/** Pictures and checks in both themes, on a desk and on a phone (or in the given sizes). */
export async function look(
  page: Page,
  name: string,
  sizes: (keyof typeof SIZES)[] = ["desk", "phone"],
): Promise<void> {
  // All that is wrong, each once, with where it was first seen; the story goes on.
  const wrong = new Map<string, string>();
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const size of sizes) {
      await page.setViewportSize(SIZES[size]);
      await page.mouse.move(0, 0);
      await shot(page, `${name}--${size}-${theme}`);
      // Themes differ in their colours alone.
      const rules = theme === "dark" ? undefined : COLOURS;
      for (const one of [...(await sticksOut(page)), ...(await violations(page, "html", rules))]) {
        if (!wrong.has(one)) wrong.set(one, `${name}-${size}-${theme}`);
      }
    }
  }
  await page.setViewportSize(SIZES.desk);
  expect.soft([...wrong].map(([what, where]) => `${where}: ${what}`), name).toEqual([]);
}

