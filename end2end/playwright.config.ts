import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";

const executablePath = process.env["QUAD_CHROMIUM"];

// What differs between a desk and a phone. A file named `*.desktop.spec.ts` or `*.phone.spec.ts` runs on that one only.
const projects: NonNullable<PlaywrightTestConfig["projects"]> = [
  {
    name: "desktop",
    testIgnore: /\.phone\.spec\.ts$/,
    use: { viewport: { width: 1280, height: 800 } },
  },
  {
    name: "phone",
    testIgnore: /\.desktop\.spec\.ts$/,
    use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  },
];

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  projects,
  fullyParallel: true,
  // A server and up to three pages each: more than two do not run faster on two cores.
  workers: 2,
  // A test that passes only now and then is broken: it is counted and named. A machine that others use as well may starve
  // one for ten seconds, though, so there it is not the end of a push.
  retries: process.env["CI"] === "true" ? 1 : 0,
  forbidOnly: process.env["CI"] === "true",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/report.json" }]],
  use: {
    browserName: "chromium",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    },
    locale: "en-GB",
    // Neither the server's zone (support/server.ts) nor a user's (UTC): a time that is made in the wrong one shows.
    timezoneId: "Asia/Tokyo",
    actionTimeout: 10_000,
    trace: "retain-on-failure",
  },
});
