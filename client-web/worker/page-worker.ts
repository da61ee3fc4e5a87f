// The service worker: keeps the page's own files, so that the page opens without a server. Never touches calls, the live
// channel, prints or downloads, and keeps nothing that anybody wrote: that is the page's own store, which knows whose it is.
const scope = globalThis as unknown as ServiceWorkerGlobalScope;
/** Filled in by the build: the page's files but for rare fonts, and a hash over all of them. */
declare const __PAGE_FILES__: readonly string[];
declare const __PAGE_VERSION__: string;

const prefix = 'bossey-page-';
const cacheName = prefix + __PAGE_VERSION__;
/** There from the moment somebody opens a personal link until a page knows who that is (connection/identity.ts). */
const signingIn = 'bossey-signing-in';
const patience = 3_000;

scope.addEventListener('install', (event) => {
  const fill = async (): Promise<void> => {
    const cache = await caches.open(cacheName);
    await cache.addAll(__PAGE_FILES__.map((file) => new Request(file, { cache: 'no-cache' })));
    await scope.skipWaiting();
  };
  event.waitUntil(fill());
});

scope.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    // The version before stays: pages that are open may still ask for its parts.
    const older = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName);
    await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(tidy());
});

function isPage(path: string): boolean {
  return path === '/' || (path.startsWith('/g/') && !/\/(print|report\.md)$/.test(path));
}

/** The server's page if it answers soon: whoever can reach the server never sees an old one. */
async function page(request: Request): Promise<Response> {
  const kept = caches.match('/', { cacheName });
  const answer = fetch(request);
  answer.catch(() => undefined);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patience));
  try {
    const first = await Promise.race([answer, late]);
    if (first !== null && first.status < 500) return first;
  } catch {
    // No server.
  }
  return (await kept) ?? answer;
}

/** Parts have their hash in their name: what is kept is what the server has. */
async function part(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await (await caches.open(cacheName)).put(request, answer.clone());
  return answer;
}

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname.startsWith('/sign-in/')) event.waitUntil(caches.open(signingIn));
    else if (isPage(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith('/assets/')) event.respondWith(part(request));
});
