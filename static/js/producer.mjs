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
    for (const button of stepper.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const step = Number(input.step) || 1;
        const wanted = (Number(input.value) || 0) + step * Number(button.dataset.step);
        input.value = Math.max(Number(input.min || 0), Math.min(Number(input.max || Infinity), wanted));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
}

// Drafts: what was typed stays on the device for a week, without personal data.
function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `draf:${form.dataset.draft}`;
    restore(form, key);
    form.addEventListener("input", () => {
      const values = {};
      for (const field of keepable(form)) values[field.name] = field.value;
      store(key, JSON.stringify({ at: Date.now(), values }));
    });
    form.addEventListener("submit", () => store(key, null));
  }
  for (const key of keys()) if (key.startsWith("draf:") && !fresh(read(key))) store(key, null);
}

const keepable = (form) =>
  [...form.elements].filter(
    (field) => field.name && !field.dataset.private && !["hidden", "password", "tel", "email", "file", "checkbox", "radio", "submit"].includes(field.type),
  );

function restore(form, key) {
  const draft = read(key);
  if (!fresh(draft) || form.querySelector("[aria-invalid]")) return;
  for (const field of keepable(form)) if (!field.value && draft.values[field.name]) field.value = draft.values[field.name];
}

const fresh = (draft) => draft && Date.now() - draft.at < KEPT_DAYS * 86_400_000;

function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function store(key, text) {
  try {
    text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text);
  } catch {
    // A full or forbidden store costs the draft, never the page.
  }
}

// Sending: once, visibly; after twenty silent seconds the same form, with the same key, may be sent again.
function sendOnce() {
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "1";
      const button = event.submitter ?? form.querySelector("button:not([type=button])");
      if (button) queueMicrotask(() => showSending(form, button));
    });
  }
  addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form[data-sent]").forEach(reopen));
}

function showSending(form, button) {
  if (button.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  form.dataset.words = button.textContent;
  button.disabled = true;
  button.classList.add("busy");
  button.textContent = button.dataset.sending || SENDING;
  setTimeout(() => reopen(form, true), PATIENCE);
}

function reopen(form, late = false) {
  const button = form.querySelector("button.busy");
  delete form.dataset.sent;
  if (!button) return;
  button.disabled = false;
  button.classList.remove("busy");
  button.textContent = late ? AGAIN : form.dataset.words;
  if (late) say(form, UNSENT);
}

function say(form, words) {
  form.querySelector(".banner.unsent")?.remove();
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
      .then((worker) => worker.active?.postMessage({ keep: location.href }))
      .catch(() => {});
  }
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
    navigator.serviceWorker.controller?.postMessage({ forget: true });
    for (const key of keys()) if (key.startsWith("draf:")) store(key, null);
  });
}

// The receipt as a picture for the gallery or WhatsApp, drawn from what the page already says.
function offerPicture() {
  const button = document.querySelector("[data-save-image]");
  const slip = document.querySelector(".slip");
  if (!button || !slip) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    drawReceipt(slip).toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${words(slip, ".code")}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  });
}

const words = (slip, selector) => slip.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";

function drawReceipt(slip) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1080, height: 1350 });
  const brush = canvas.getContext("2d");
  const write = (text, y, size, weight = 700, colour = "#16202a") => {
    brush.font = `${weight} ${size}px system-ui, Roboto, sans-serif`;
    brush.fillStyle = colour;
    brush.fillText(text, 80, y, 920);
  };
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, 1080, 1350);
  brush.fillStyle = "#0a4a3d";
  brush.fillRect(0, 0, 1080, 130);
  write("Rumah Produksi", 86, 48, 800, "#fff");
  write(words(slip, ".lead"), 230, 46);
  write(words(slip, ".when"), 340, 100, 800);
  write(words(slip, ".row.fixed b"), 450, 44);
  write(words(slip, ".row.fixed .soft"), 506, 36, 400, "#4a5763");
  write(words(slip, ".meta b"), 580, 40);
  const code = slip.querySelector(".qr");
  const scale = 560 / code.viewBox.baseVal.width;
  brush.save();
  brush.translate(260 + 2 * scale, 640 + 2 * scale);
  brush.scale(scale, scale);
  brush.fillStyle = "#16202a";
  brush.fill(new Path2D(code.querySelector(".qr-dark").getAttribute("d")));
  brush.restore();
  brush.textAlign = "center";
  brush.font = "800 68px system-ui, Roboto, sans-serif";
  brush.fillText(words(slip, ".code"), 540, 1280, 920);
  return canvas;
}

document.querySelector("[data-focus]")?.focus();
for (const start of [offerReading, wakeSteppers, keepDrafts, sendOnce, keepReceipt, offerPicture]) start();
