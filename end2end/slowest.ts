// Says at the end of a run which stories took longest.

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

const SHOWN = 10;

export default class Slowest implements Reporter {
  private readonly took: { seconds: number; name: string }[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    const name = test.titlePath().filter((part) => part !== "").join(" › ");
    this.took.push({ seconds: result.duration / 1000, name });
  }

  onEnd(): void {
    if (this.took.length <= SHOWN) return;
    const slowest = this.took.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    const lines = slowest.map(({ seconds, name }) => `  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
    console.log(`\nThe ${SHOWN} slowest stories:\n${lines.join("\n")}`);
  }
}
