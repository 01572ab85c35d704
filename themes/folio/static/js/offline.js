// Reading offline: registers the worker of the site, and says when a page is a copy. Touches <html data-worker data-root> and the note it clones.
{
  const address = document.documentElement.dataset.worker;
  const workers = location.protocol.startsWith("http") ? navigator.serviceWorker : null;
  const url = address && new URL(address, document.baseURI).href;
  const scope = new URL(document.documentElement.dataset.root, document.baseURI).href;
  // `askbook serve` marks its pages: a worker between an author and the page would be in the way.
  const isServed = document.querySelector('meta[name="askbook-served"]');
  let policy = null;
  const isOff = () => folio.setting("offline") === "off";
  const tell = (message) => { if (workers.controller) workers.controller.postMessage(message); };

  // The reader's switch; other parts of the page ask for the same.
  folio.offline = {
    isPossible: Boolean(address && workers && !isServed) && "caches" in globalThis,
    name: `askbook ${scope}`,
    tell,
    async start() {
      // The only script address that is made from text here, and it is the guide's own.
      policy ??= globalThis.trustedTypes && trustedTypes.createPolicy("askbook-offline", { createScriptURL: () => url });
      await workers.register(policy ? policy.createScriptURL(url) : url, { scope });
    },
    async stop() {
      const registration = await workers.getRegistration(scope);
      if (registration && registration.scope === scope) await registration.unregister();
      await caches.delete(folio.offline.name);
    },
  };

  // A switch that the browser refuses (storage blocked, a private window) leaves the page as it is without a worker.
  const follow = () => (isOff() ? folio.offline.stop() : folio.offline.start()).catch(() => {});

  // A guide that has turned this off takes back the worker that it had.
  if (workers && !address) (async () => { if (await caches.has(folio.offline.name)) await folio.offline.stop(); })().catch(() => {});

  if (folio.offline.isPossible) {
    const hello = () => {
      tell({ kind: "read" });
      tell({ kind: "renew", everything: folio.setting("kept") === "all" });
    };
    const begin = () => {
      if (!isOff()) follow();
      hello();
    };
    workers.addEventListener("controllerchange", hello);
    addEventListener("load", () => setTimeout(begin, 1000), { once: true });
    document.addEventListener("folio:setting", (event) => { if (event.detail.name === "offline") follow(); });

    // Said by the worker for a page that came from its store, since only it knows.
    workers.addEventListener("message", ({ data }) => {
      const note = data.kind === "shown" && data.isCopy && folio.clone("offline");
      if (!note || document.querySelector(".offline-note")) return;
      const day = data.date && new Date(data.date).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
      note.querySelector("[data-day]").textContent = day ? ` ${day}` : "";
      document.body.append(note);
    });
    workers.startMessages();
    tell({ kind: "shown" });
  }
}
