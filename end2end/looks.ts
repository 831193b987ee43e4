// Checks a page at every size and in both themes: screenshots for manual review, and automatic
// checks. `shots/index.html` shows all of them (contact.ts).

import { expect, type Page } from "@playwright/test";
import { COLORS, shot, violations } from "./fixtures.ts";

/** A viewport size, in CSS pixels. */
export type Size = { width: number; height: number };

/** The viewport sizes to check. */
export const SIZES = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
  tablet: { width: 834, height: 1112 },
  wide: { width: 2560, height: 1440 },
  // 200% zoom on a small laptop: half the pixels, each twice as large.
  zoomed: { width: 720, height: 450 },
} satisfies Record<string, Size>;

/** Returns elements that extend beyond the right edge of the viewport. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const most = document.documentElement.clientWidth;
    // Elements that are clipped on purpose (with an ellipsis) or that scroll.
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
      // Elements for screen readers, or in a closed drawer, do not count.
      const hidden = element.closest(".visually-hidden, .skip-link, [hidden], aside.context, nav.channels");
      return rect.width > 0 && rect.right > most + 1 && !hidden && !clipped(element);
    });
    const wide = document.documentElement.scrollWidth - most;
    return [...(wide > 0 ? [`the page is ${wide} px too wide`] : []), ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}

/** Returns labels and buttons whose text is cut off. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const labels = document.querySelectorAll<HTMLElement>("button, .button, .chip, .section-link, th, dt, label, legend, summary, h1, h2, h3");
    const cut = [...labels].filter((label) => {
      const style = getComputedStyle(label);
      const clips = [style.overflowX, style.overflowY].some((overflow) => ["hidden", "clip"].includes(overflow));
      const wide = label.scrollWidth > label.clientWidth + 1 || label.scrollHeight > label.clientHeight + 1;
      const shown = label.clientWidth > 1 && label.checkVisibility() && !label.closest(".visually-hidden, .skip-link");
      return clips && wide && shown;
    });
    return cut.map((label) => `cut off: ${label.textContent?.trim()}`);
  });
}

/** Takes a screenshot at the narrowest width and checks that nothing sticks out or is cut off. */
export async function narrow(page: Page, name: string): Promise<void> {
  await page.setViewportSize(SIZES.narrow);
  await shot(page, `${name}--narrow`);
  expect.soft([...(await sticksOut(page)), ...(await cutOff(page))], name).toEqual([]);
}

/**
 * Takes screenshots and runs checks in both themes, on desktop and phone (or in the given sizes).
 */
export async function look(
  page: Page,
  name: string,
  sizes: (keyof typeof SIZES)[] = ["desk", "phone"],
): Promise<void> {
  // Each problem once, with the place where it first appeared; the test continues.
  const wrong = new Map<string, string>();
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const size of sizes) {
      await page.setViewportSize(SIZES[size]);
      await page.mouse.move(0, 0);
      await shot(page, `${name}--${size}-${theme}`);
      // Themes differ only in colors.
      const rules = theme === "dark" ? undefined : COLORS;
      for (const one of [...(await sticksOut(page)), ...(await violations(page, "html", rules))]) {
        if (!wrong.has(one)) wrong.set(one, `${name}-${size}-${theme}`);
      }
    }
  }
  await page.setViewportSize(SIZES.desk);
  expect.soft([...wrong].map(([what, where]) => `${where}: ${what}`), name).toEqual([]);
}

