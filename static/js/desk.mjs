// The counter: keys, and other people's changes arriving gently. Nothing depends on it.

const EVERY = 30_000;
const KEYS = { h: "/hari-ini/", p: "/papan/", m: "/permintaan/" };
const OFF = "pintasan-mati";
const off = document.querySelector("[data-keys-off]");
if (off) {
  off.checked = remembered(OFF);
  off.addEventListener("change", () => remember(OFF, off.checked));
}

function remembered(key) {
  try {
    return localStorage.getItem(key) === "1";
  } catch {
    return false;
  }
}

function remember(key, yes) {
  try {
    yes ? localStorage.setItem(key, "1") : localStorage.removeItem(key);
  } catch {
    // Without a store the choice lasts as long as the page.
  }
}

function typing(target) {
  return target.matches?.("input, textarea, select, [contenteditable]");
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  // Single keys may be switched off: a voice or a stray hand must not trigger them (WCAG 2.1.4). The list itself stays.
  if (off?.checked && event.key !== "?") return;
  if (event.key === "/") {
    const field = document.querySelector("[data-search]");
    if (field) event.preventDefault();
    field?.focus();
  } else if (event.key === "?") {
    document.querySelector("#pintasan")?.showModal?.();
  } else if (KEYS[event.key] && document.querySelector(`a[href="${KEYS[event.key]}"]`)) {
    location.assign(KEYS[event.key]);
  }
});

// A region with data-refresh is fetched again while the tab is looked at. The server answers 304 when nothing changed.
const seen = new WeakMap();

async function refresh(region) {
  if (region.contains(document.activeElement) || region.querySelector(":hover")) return;
  const headers = { "X-Requested-With": "fetch", ...(seen.has(region) && { "If-None-Match": seen.get(region) }) };
  const answer = await fetch(region.dataset.refresh, { headers, credentials: "same-origin" });
  if (answer.status !== 200 || answer.redirected) return;
  if (answer.headers.get("ETag")) seen.set(region, answer.headers.get("ETag"));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = page.getElementById(region.id) ?? page.body;
  if (news.innerHTML === region.innerHTML) return;
  region.replaceChildren(...news.childNodes);
  region.dataset.fresh = "";
  setTimeout(() => delete region.dataset.fresh, 2600);
}

async function refreshAll() {
  if (document.hidden || document.querySelector("dialog[open]")) return;
  for (const region of document.querySelectorAll("[data-refresh]")) {
    try {
      await refresh(region);
      stale(false);
    } catch {
      stale(true);
    }
  }
}

function stale(yes) {
  const banner = document.querySelector("[data-stale]");
  if (banner) banner.hidden = !yes;
}

if (document.querySelector("[data-refresh]")) {
  setInterval(refreshAll, EVERY);
  document.addEventListener("visibilitychange", refreshAll);
}

for (const form of document.querySelectorAll("form[data-auto]")) form.addEventListener("change", () => form.requestSubmit());
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
}
document.querySelector("[data-focus]")?.focus();
