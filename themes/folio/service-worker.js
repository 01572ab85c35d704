// Keeps pages for reading offline. Touches no element. The build puts BUILD, the digest of the list of files, and SHELL before it.
const SCOPE = registration.scope;
const NAME = `askbook ${SCOPE}`;
const LIST = `${SCOPE}offline.json`;
// A network that does not answer for so long is as good as none, if there is a copy.
const PATIENCE = 4000;
// Pages that were shown from their copies, by the client that shows them, with the day they were kept.
const shown = new Map();

const open = () => caches.open(NAME);
const inside = (url) => (url.startsWith(SCOPE) ? url.slice(SCOPE.length).split(/[?#]/)[0] : null);
// Files that are named after their content never change.
const isForEver = (path) => /^(assets\/.|search\/files\/[0-9a-f]{10}-)/.test(path);
// The file that says which others search needs, and those of them without which nothing is found.
const SEARCH = "search/root.idx";
const isShard = (path) => /^search\/files\/\w+-[tsw]\.idx$/.test(path);
// The limit up to which search fetches them ahead.
const SHARD_LIMIT = 64;
const isForPrograms = (path) => /\.(json|md|txt|xml|js)$/.test(path) && !isForEver(path);
const digestOf = (response) => response?.headers.get("x-askbook-digest");

/** The same answer, saying which version of the file it is. */
function labelled(response, digest) {
  const headers = new Headers(response.headers);
  headers.set("x-askbook-digest", digest);
  return new Response(response.body, { status: 200, headers });
}

/** Keeps an answer, if it is the file itself. A browser that is full, or keeps nothing, is no obstacle to reading. */
async function keep(path, response) {
  if (!response.ok || response.type !== "basic" || response.redirected) return;
  await open().then((cache) => cache.put(SCOPE + path, response)).catch(() => {});
}

async function copyOf(path) {
  const cache = await open();
  return (await cache.match(SCOPE + path)) ?? (/(^|\/|\.\w+)$/.test(path) ? undefined : cache.match(`${SCOPE}${path}/`));
}

/** Fetches past the browser's own cache what is not named after its content. */
const fetched = (path) => fetch(SCOPE + path, { cache: isForEver(path) ? "default" : "no-cache" });

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await Promise.all(SHELL.map(async (path) => keep(path, await fetched(path))));
    await skipWaiting();
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const path = inside(request.url);
  if (path === null || request.method !== "GET" || isForPrograms(path)) return;
  if (isForEver(path)) event.respondWith(onceAndForAll(event, path));
  else if (request.mode === "navigate" || request.destination === "image" || path === SEARCH) event.respondWith(newestFirst(event, path));
  // A list that a question asks for its neighbours is not being read: its copy serves, and none is made.
  else if (/(^|\/)$/.test(path)) event.respondWith(fetch(request).catch(async () => (await copyOf(path)) ?? Response.error()));
});

async function onceAndForAll(event, path) {
  const copy = await copyOf(path);
  if (copy) return copy;
  const response = await fetch(event.request);
  event.waitUntil(keep(path, response.clone()));
  return response;
}

/** The network's answer; the copy when there is none; for a page without a copy, the page that says so. */
async function newestFirst(event, path) {
  const { request } = event;
  const network = (async () => (await event.preloadResponse) || fetch(request))();
  const copy = await copyOf(path);
  let late;
  const patience = new Promise((resolve) => { if (copy) late = setTimeout(resolve, PATIENCE); });
  try {
    const response = await Promise.race([network, patience]);
    clearTimeout(late);
    if (response) {
      event.waitUntil(keep(path, response.clone()));
      return response;
    }
    network.then((response) => keep(path, response), () => {});
  } catch (unreachable) {
    clearTimeout(late);
  }
  if (request.mode !== "navigate") return copy ?? Response.error();
  if (copy) {
    shown.set(event.resultingClientId, copy.headers.get("date"));
    return copy;
  }
  const page = await copyOf("offline.html");
  return page ? new Response(page.body, { status: 503, headers: page.headers }) : Response.error();
}

/** Brings what is kept up to the newest list of files, and keeps every file of it if `everything` is asked for. */
async function renew(everything, progress) {
  const cache = await open();
  const answer = await fetch(LIST, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`offline.json: ${answer.status}`);
  const files = new Map((await answer.json()).files.map(([path, digest]) => [path, digest]));
  const kept = new Map((await cache.keys()).map((request) => [inside(request.url), request]));
  const isNewest = async (path) => isForEver(path) || digestOf(await cache.match(kept.get(path))) === files.get(path);
  // Whoever could search without a network can afterwards.
  const shards = [...files.keys()].filter(isShard);
  const searched = new Set(kept.has(SEARCH) && shards.length <= SHARD_LIMIT ? shards : []);
  const wanted = [];
  for (const path of files.keys()) if (kept.has(path) ? !(await isNewest(path)) : everything || searched.has(path)) wanted.push(path);
  let done = files.size - wanted.length;
  progress(done, files.size);
  const fetchNext = async () => {
    for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
      const response = await fetched(path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await cache.put(SCOPE + path, labelled(response, files.get(path)));
      progress(done += 1, files.size);
    }
  };
  await Promise.all([fetchNext(), fetchNext(), fetchNext(), fetchNext()]);
  // What older pages needed goes only when none of them is left.
  for (const [path, request] of kept) if (!files.has(path)) await cache.delete(request);
  await note();
}

/** Notes that what is kept is as new as this worker. */
const note = async () => (await open()).put(LIST, labelled(new Response(""), BUILD));

let renewal = null;
const once = (everything, progress) => (renewal ??= renew(everything, progress).finally(() => { renewal = null; }));

const tasks = {
  async shown({ source }) {
    source.postMessage({ kind: "shown", isCopy: shown.has(source.id), date: shown.get(source.id) });
  },
  // The first page was there before the worker.
  async read({ source }) {
    const path = inside(source.url);
    if (path !== null && !(await copyOf(path))) await keep(path, await fetched(path));
  },
  async renew({ data }) {
    const noted = digestOf(await (await open()).match(LIST));
    if (noted === BUILD) return;
    if (noted || data.everything) await once(data.everything, () => {});
    else await note();
  },
  async everything({ source }) {
    await (await open()).delete(LIST);
    await once(true, (done, all) => source.postMessage({ kind: "progress", done, all }));
    source.postMessage({ kind: "complete" });
  },
};

addEventListener("message", (event) => {
  const task = tasks[event.data?.kind];
  if (task) event.waitUntil(task(event).catch((error) => event.source.postMessage({ kind: "failed", reason: String(error) })));
});
