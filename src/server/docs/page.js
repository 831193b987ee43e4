// Shows the document in the reader's colours: what they chose on the other pages, else their system's.
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
const colours = {
  dark: { theme: "dark", "bg-color": "#0d1317", "text-color": "#e7edf0", "primary-color": "#f0b24a" },
  light: { theme: "light", "bg-color": "#f6f4ee", "text-color": "#172025", "primary-color": "#8f5400" },
};

// A new one for new colours: while the reader repaints, it writes styles that its policy does not
// know. It has a `main` of its own.
let place = document.querySelector("main");

function draw() {
  const theme = chosen ?? (system.matches ? "dark" : "light");
  const reader = document.createElement("rapi-doc");
  for (const [name, value] of Object.entries({ ...colours[theme], ...settings })) reader.setAttribute(name, value);
  document.documentElement.dataset.theme = theme;
  place.replaceWith(reader);
  place = reader;
}

draw();
system.addEventListener("change", draw);
