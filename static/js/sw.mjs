// Keeps the own receipts a person opened on this device, so that they can be read without signal. Nothing else is kept: what the
// counter sees of a booking changes under its hands and names other people, so without signal it is not there.
// Served at /sw.js. Signing out forgets everything.

const KEPT = "bukti-1";
const LIMIT = 20;
const isReceipt = (url) => url.origin === location.origin && /^\/pesanan\/[^/]+\/$/.test(url.pathname);
const isStatic = (url) => url.origin === location.origin && url.pathname.startsWith("/static/");

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(dropOldCaches().then(() => clients.claim())));
addEventListener("message", (event) => {
  if (event.data?.forget) event.waitUntil(caches.delete(KEPT));
  if (event.data?.keep) event.waitUntil(keep(event.data.keep).then((kept) => kept && event.source?.postMessage({ kept })));
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && isReceipt(url)) event.respondWith(fromNetworkElseKept(event.request));
  else if (isStatic(url)) event.respondWith(fetch(event.request).catch(() => caches.match(event.request).then((kept) => kept ?? Response.error())));
});

async function dropOldCaches() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
}

async function fromNetworkElseKept(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && (await store(request.url, answer.clone()))) return answer;
    // A receipt that the server no longer shows to this person must not stay readable here; one it cannot show just now may.
    if (answer.status < 500) await (await caches.open(KEPT)).delete(request.url);
    return answer;
  } catch {
    return (await caches.match(request.url)) ?? Response.error();
  }
}

async function keep(address) {
  if (!isReceipt(new URL(address))) return false;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return false;
  return store(address, answer);
}

async function store(address, answer) {
  const page = await answer.clone().text();
  if (!page.includes("data-keep-offline")) return false;
  const cache = await caches.open(KEPT);
  await cache.put(address, answer);
  for (const [, path] of page.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)) {
    if (!(await cache.match(path))) await cache.add(path).catch(() => {});
  }
  const receipts = (await cache.keys()).filter((kept) => isReceipt(new URL(kept.url)));
  for (const old of receipts.slice(0, Math.max(0, receipts.length - LIMIT))) await cache.delete(old);
  return true;
}
