// Shows the OpenAPI document in the theme chosen on the other pages, else in the system's.
import "/api/docs/rapidoc-9.3.8.min.js";

const chosen = document.cookie.match(/(?:^|; )theme=(dark|light)/)?.[1];
const system = matchMedia("(prefers-color-scheme: dark)");
const settings = {
  "spec-url": "/api/openapi.json",
  "render-style": "read",
  "show-header": "false",
  "allow-server-selection": "false",
  "allow-spec-url-load": "false",
  "allow-spec-file-load": "false",
  "load-fonts": "false",
  "regular-font": "system-ui, sans-serif",
  "mono-font": "ui-monospace, monospace",
  "font-size": "large",
  "schema-description-expanded": "true",
  "show-method-in-nav-bar": "as-plain-text",
  "sort-tags": "true",
};
const colors = {
  dark: { theme: "dark", "bg-color": "#0d1317", "text-color": "#e7edf0", "primary-color": "#f0b24a" },
  light: { theme: "light", "bg-color": "#f6f4ee", "text-color": "#172025", "primary-color": "#8f5400" },
};

// Creates a new element for each theme: a repaint would insert inline styles that the
// Content-Security-Policy does not allow. The element has its own `main`.
let place = document.querySelector("main");

function draw() {
  const theme = chosen ?? (system.matches ? "dark" : "light");
  const reader = document.createElement("rapi-doc");
  for (const [name, value] of Object.entries({ ...colors[theme], ...settings })) reader.setAttribute(name, value);
  document.documentElement.dataset.theme = theme;
  place.replaceWith(reader);
  place = reader;
}

draw();
system.addEventListener("change", draw);
