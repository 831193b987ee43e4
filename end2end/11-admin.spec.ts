// Admin tasks: suspends an account, closes registration, creates a password reset link.

import { PHONE, axe, expect, shot, test, type Person } from "./fixtures.ts";
import { PASSWORD, Program, TALKATIVE, enter, mail, open, signInQuietly } from "./steps.ts";
import type { Server } from "./server.ts";

test.use({ settings: TALKATIVE });

const NEW_PASSWORD = "another-lantern-8";

/** Opens an admin page as Ada, who registers first and so becomes the admin. */
async function admin(server: Server, ada: Person, path: string): Promise<void> {
  await Program.register(server, ada.name);
  await signInQuietly(ada);
  await ada.page.goto(path);
  await alive(ada);
}

/** Pages without a websocket are hydrated once the network is idle. */
async function alive(person: Person): Promise<void> {
  await person.page.waitForLoadState("networkidle");
}

function row(person: Person, name: string) {
  return person.page.locator(`.ledger-row[data-account="${name}"]`);
}

test("somebody is kept out and let in again", async ({ server, person }) => {
  const ada = await person("ada");
  const bo = await person("bo");
  await admin(server, ada, "/admin/accounts");
  await enter(server, bo);
  bo.allowStatus(401);
  bo.allowStatus(403);
  bo.allowDisconnection();
  await ada.page.reload();
  await alive(ada);

  await row(ada, "bo").getByText("Actions").click();
  await row(ada, "bo").getByRole("button", { name: "Suspend" }).click();
  await expect(row(ada, "bo").getByText("suspended")).toBeVisible();
  await expect(bo.page).toHaveURL(/\/sign-in/);
  await bo.page.getByLabel("Username or email").fill("bo");
  await bo.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await bo.page.getByRole("button", { name: "Sign in" }).click();
  await expect(bo.page.getByText("This account is suspended")).toBeVisible();

  await row(ada, "bo").getByText("Actions").click();
  await row(ada, "bo").getByRole("button", { name: "Unsuspend" }).click();
  await expect(row(ada, "bo").getByText("suspended")).toBeHidden();
  await signInQuietly(bo);
  await open(bo.page);

  await ada.page.getByRole("searchbox").fill("nobody-like-that");
  await ada.page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(ada.page.getByText("No accounts found")).toBeVisible();
  await ada.page.getByRole("searchbox").fill("bo");
  await ada.page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(row(ada, "bo")).toBeVisible();
  await expect(row(ada, "ada")).toBeHidden();

  await ada.page.goto("/admin/audit-log");
  await expect(ada.page.locator(".audit-row").first()).toContainText("unsuspended bo (@bo)");
});

test("the door is closed, and opened again", async ({ server, person }) => {
  const ada = await person("ada");
  const bo = await person("bo");
  await admin(server, ada, "/admin/settings");
  await ada.page.getByLabel("Name", { exact: true }).fill("The Exchange");
  await ada.page.getByLabel("Description", { exact: true }).fill("A club of traders.");
  await ada.page.getByLabel("Registration", { exact: true }).selectOption("closed");
  await ada.page.getByRole("button", { name: "Save" }).click();
  await expect(ada.page.getByText("In Leptos.toml: Open to everyone")).toBeVisible();

  await bo.page.goto("/sign-in");
  await expect(bo.page.getByText("The Exchange")).toBeVisible();
  await expect(bo.page.getByText("A club of traders.")).toBeVisible();
  await expect(bo.page.getByRole("link", { name: "Create an account" })).toBeHidden();
  await bo.page.goto("/register");
  await expect(bo.page.getByText("Registration is closed")).toBeVisible();
  await axe(bo.page);

  await ada.page.getByLabel("Registration", { exact: true }).selectOption("invite");
  ada.allowStatus(400);
  await ada.page.getByLabel("Invite code", { exact: true }).fill("oh");
  await ada.page.getByRole("button", { name: "Save" }).click();
  await expect(ada.page.getByText("Use 6 to 64 letters")).toBeVisible();
  await ada.page.getByLabel("Invite code", { exact: true }).fill("lantern-9");
  await ada.page.getByRole("button", { name: "Save" }).click();
  await expect(ada.page.getByText("Use 6 to 64 letters")).toBeHidden();

  await bo.page.goto("/register");
  await alive(bo);
  await bo.page.getByLabel("Username").fill("bo");
  await bo.page.getByLabel("Email").fill(mail("bo"));
  await bo.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await bo.page.getByLabel("Invite code").fill("lantern-9");
  await bo.page.getByRole("button", { name: "Create account" }).click();
  await expect(bo.page).toHaveURL(/\/channels\//);

  await ada.page.getByRole("button", { name: "Restore the file’s value: Registration" }).click();
  await expect(ada.page.getByLabel("Registration", { exact: true })).toHaveValue("open");
});

test("a link sets a new password, once", async ({ server, person }) => {
  const ada = await person("ada");
  const bo = await person("bo");
  await Program.register(server, "ada");
  await enter(server, bo);
  bo.allowStatus(401);
  bo.allowDisconnection();
  await signInQuietly(ada);
  await ada.page.goto("/admin/accounts");
  await alive(ada);
  await row(ada, "bo").getByText("Actions").click();
  await row(ada, "bo").getByLabel("Your password").first().fill(PASSWORD);
  await row(ada, "bo").getByRole("button", { name: "Create password link" }).click();
  const link = await ada.page.getByLabel("Create password link").inputValue();
  expect(link).toContain(`${server.url}/reset/`);

  const elsewhere = await person("bo-elsewhere", { viewport: PHONE, theme: "light" });
  await elsewhere.page.goto(link);
  await alive(elsewhere);
  await expect(elsewhere.page.getByText("For bo.")).toBeVisible();
  await axe(elsewhere.page);
  await shot(elsewhere.page, "admin-reset-phone-light");
  await elsewhere.page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await elsewhere.page.getByRole("button", { name: "Set password" }).click();
  await expect(elsewhere.page.getByText("Password set.")).toBeVisible();
  await expect(bo.page).toHaveURL(/\/sign-in/);
  await elsewhere.page.getByLabel("Username or email").fill("bo");
  await elsewhere.page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
  await expect(elsewhere.page).toHaveURL(/\/channels\//);

  bo.allowStatus(404);
  await bo.page.goto(link);
  await expect(bo.page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  await bo.page.getByRole("link", { name: "Request a new one" }).click();
  await expect(bo.page.getByText("Email is not set up here")).toBeVisible();
  await axe(bo.page);
});

test("without scripts a link sets a new password as well", async ({ server, person }) => {
  const ada = await Program.register(server, "ada");
  await Program.register(server, "bo");
  const { accounts } = await ada.call<{ accounts: { account: { profile: { id: string; username: string } } }[] }>(
    "GET",
    "/api/admin/accounts?search=bo",
  );
  const id = accounts[0]?.account.profile.id ?? "";
  const { path } = await ada.call<{ path: string }>("POST", `/api/admin/accounts/${id}/reset-link`, {
    password: PASSWORD,
  });
  const bo = await person("bo", { scripts: false });
  await bo.page.goto(path);
  await bo.page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await bo.page.getByRole("button", { name: "Set password" }).click();
  await expect(bo.page.getByText("Password set.")).toBeVisible();
  await bo.page.getByLabel("Username or email").fill("bo");
  await bo.page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await bo.page.getByRole("button", { name: "Sign in" }).click();
  await expect(bo.page).toHaveURL(/\/channels\//);
});
