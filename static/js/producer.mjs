// What a phone may do better than plain HTML. Nothing on a page depends on it.

const KEPT_DAYS = 7;
const PATIENCE = 20_000;
const ENGLISH = document.documentElement.lang === "en";
const [SENDING, AGAIN, UNSENT] = (document.body.dataset.words ?? "||").split("|");

// Speech: read the page aloud where the device can.
function offerReading() {
  const button = document.querySelector("[data-listen]");
  if (!button || !("speechSynthesis" in window)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(readable(document.querySelector("main, #isi")));
    words.lang = ENGLISH ? "en-GB" : "id-ID";
    speechSynthesis.speak(words);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

function readable(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll("svg, [hidden], .why-text, script, input").forEach((part) => part.remove());
  copy.querySelectorAll("h1, h2, h3, p, li, dt, dd, label, legend, a.time").forEach((part) => part.append(". "));
  return copy.textContent.replace(/\s+/g, " ").replaceAll(/(\. )+/g, ". ").replaceAll("–", ENGLISH ? " to " : " sampai ").trim();
}

// Steppers: the buttons exist only where a script can serve them.
function wakeSteppers() {
  for (const stepper of document.querySelectorAll(".stepper")) {
    const input = stepper.querySelector("input");
    for (const button of stepper.querySelectorAll("button[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const { step, min, max } = input.dataset;
        const typed = input.value.trim() || "0";
        if (!/^(\d+|\d{1,3}([.\s]\d{3})+)$/.test(typed)) return; // not clear: the server asks back
        const wanted = Number(typed.replace(/\D/g, "")) + (Number(step) || 1) * Number(button.dataset.step);
        input.value = Math.max(Number(min || 0), Math.min(Number(max || Infinity), wanted));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
}

// The bar at the bottom names the time that its button takes.
function nameTheChoice() {
  const words = document.querySelector("[data-picked]");
  if (!words) return;
  const name = () => (words.textContent = document.querySelector("input[name=jam]:checked")?.dataset.words ?? "");
  words.parentElement.classList.add("live");
  words.closest("form").addEventListener("change", name);
  addEventListener("pageshow", name); // after Back the device marks what was marked then
}

// Drafts: what was typed stays on the device for a week, without personal data. The server's answer ends a draft, never the
// sending: that may get lost.
const SENT = "draf-terkirim";

function keepDrafts() {
  const forms = [...document.querySelectorAll("form[data-draft]")];
  forgetAnswered(forms);
  for (const form of forms) {
    const key = draftOf(form);
    const given = JSON.stringify(valuesOf(form));
    restore(form, key, given);
    form.addEventListener("input", () => store(key, JSON.stringify({ at: Date.now(), given, values: valuesOf(form) })));
  }
  for (const key of keys()) if (key.startsWith("draf:") && !fresh(read(key))) store(key, null);
}

const draftOf = (form) => `draf:${form.dataset.draft}`;

// The next page of this tab is the answer, unless it is a fault or the same questions again.
function forgetAnswered(forms) {
  const key = read(SENT, tab());
  const failed = performance.getEntriesByType("navigation")[0]?.responseStatus >= 500;
  if (!key || failed) return;
  store(SENT, null, tab());
  if (!forms.some((form) => draftOf(form) === key)) store(key, null);
}

const keepable = (form) =>
  [...form.elements].filter(
    (field) => field.name && !field.dataset.private && !["hidden", "password", "tel", "email", "file", "submit", "button"].includes(field.type),
  );

// What was said, question by question. Of a box or a choice also whether it is marked.
const valuesOf = (form) => keepable(form).map((field) => [field.name, field.value, ["checkbox", "radio"].includes(field.type) ? field.checked : null]);

// All fields or none: half a draft in another's half is an order that nobody wrote. A page that asks something else, or
// that comes with other answers than those the draft began with (another product), stays as the server wrote it.
function restore(form, key, given) {
  const draft = read(key);
  if (!fresh(draft) || draft.given !== given || form.querySelector("[aria-invalid]")) return;
  const fields = keepable(form);
  const before = valuesOf(form);
  write(fields, draft.values);
  if (JSON.stringify(valuesOf(form)) !== JSON.stringify(draft.values)) return write(fields, before);
  for (const field of fields) if (field.value && field.type !== "radio") field.closest("details")?.setAttribute("open", "");
}

function write(fields, values) {
  fields.forEach((field, number) => {
    const [, value, marked] = values[number] ?? [];
    if (marked === null) field.value = value;
    else field.checked = marked;
  });
}

const fresh = (draft) => draft && Date.now() - draft.at < KEPT_DAYS * 86_400_000;

function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

// Of this tab alone; null where a device forbids it.
function tab() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function read(key, place) {
  try {
    return JSON.parse((place ?? localStorage).getItem(key));
  } catch {
    return null;
  }
}

function store(key, text, place) {
  try {
    text === null ? (place ?? localStorage).removeItem(key) : (place ?? localStorage).setItem(key, text);
  } catch {
    // A full or forbidden store costs the draft, never the page.
  }
}

// Sending: once, visibly, and only when the house can be reached: a page left without signal is lost with all that stands on
// it. After twenty silent seconds the same form, with the same key, may be sent again.
const waiting = new WeakMap();

function sendOnce() {
  for (const form of document.querySelectorAll("form[data-once], form[data-draft]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.sent) return;
      form.dataset.sent = "1";
      const button = event.submitter ?? form.querySelector("button:not([type=button])");
      showSending(form, button);
      send(form);
    });
  }
  addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form[data-sent]").forEach((form) => reopen(form)));
}

async function send(form) {
  if (!(await isReachable())) return reopen(form, true);
  if (form.dataset.draft) store(SENT, JSON.stringify(draftOf(form)), tab());
  HTMLFormElement.prototype.submit.call(form);
}

async function isReachable() {
  if (!navigator.onLine) return false;
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return true;
  } catch {
    return false;
  }
}

function showSending(form, button) {
  form.querySelector(".unsent")?.remove();
  const told = button?.name ? Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }) : null;
  if (told) form.append(told);
  const timer = setTimeout(() => reopen(form, true), PATIENCE);
  waiting.set(form, { button, told, timer, words: [...(button?.childNodes ?? [])] });
  if (!button) return;
  button.disabled = true;
  button.classList.add("busy");
  button.textContent = button.dataset.sending || SENDING;
}

function reopen(form, late = false) {
  const { button, told, timer, words } = waiting.get(form) ?? {};
  clearTimeout(timer);
  delete form.dataset.sent;
  told?.remove();
  if (button) {
    button.disabled = false;
    button.classList.remove("busy");
    if (late) button.textContent = AGAIN;
    else button.replaceChildren(...words);
  }
  if (late) say(form, UNSENT);
}

function say(form, words) {
  const banner = Object.assign(document.createElement("p"), { className: "card msg late-edge unsent", textContent: words });
  banner.setAttribute("role", "alert");
  (form.querySelector(".bar-bottom > div") ?? form).prepend(banner);
}

// A receipt stays readable without signal.
function keepReceipt() {
  if (!("serviceWorker" in navigator)) return;
  if (document.querySelector("[data-keep-offline]")) {
    navigator.serviceWorker
      .register("/sw.js")
      .then(() => navigator.serviceWorker.ready)
      .then((worker) => worker.active?.postMessage({ keep: location.href.split("#")[0] }))
      .catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => {
      // Only what lies on this device is promised.
      if (event.data?.kept) document.querySelectorAll("[data-is-kept]").forEach((words) => (words.hidden = false));
    });
  }
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
    navigator.serviceWorker.controller?.postMessage({ forget: true });
    for (const key of keys()) if (key.startsWith("draf:")) store(key, null);
  });
}

document.querySelector("[data-focus]")?.focus();
for (const start of [offerReading, wakeSteppers, nameTheChoice, keepDrafts, sendOnce, keepReceipt]) start();
