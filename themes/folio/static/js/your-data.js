// The page of the reader's data. Touches the elements below [data-your-data].
{
  const root = document.querySelector("[data-your-data]");
  const one = (selector) => root.querySelector(selector);
  const say = (place, text) => { one(`[data-status="${place}"]`).textContent = text; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const language = document.documentElement.lang;
  const number = (count) => count.toLocaleString(language);
  const size = (bytes) => `${(bytes / 1e6).toLocaleString(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} MB`;
  const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  // What is kept

  const slugsOf = (kind) => Object.entries(folio.all().marks ?? {}).filter(([, own]) => Array.isArray(own) && own.includes(kind)).map(([slug]) => slug).sort();
  const entry = (slug) => {
    const link = document.createElement("a");
    link.href = `${root.dataset.root}questions/${encodeURIComponent(slug)}/`;
    link.textContent = titleOf(slug) ?? slug.replaceAll("-", " ");
    return link;
  };
  const titleOf = (slug) => {
    const { titles } = folio.all();
    return isPlain(titles) && Object.hasOwn(titles, slug) && typeof titles[slug] === "string" ? titles[slug] : null;
  };
  // Marks that are older than their titles, or came in a file without them, get them from the list that the guide publishes.
  const entitle = async () => {
    const bare = new Set(Object.keys(folio.all().marks ?? {}).filter((slug) => titleOf(slug) === null));
    if (!bare.size) return;
    const answer = await fetch(`${root.dataset.root}questions.json`);
    const { questions } = await answer.json();
    const marks = folio.all().marks ?? {};
    const found = questions.filter(({ slug }) => bare.has(slug) && Object.hasOwn(marks, slug)).map(({ slug, title }) => [slug, title.replaceAll("`", "")]);
    if (!found.length) return;
    folio.entitle(Object.fromEntries(found));
    show();
  };
  const show = () => {
    const whole = folio.all();
    for (const kind of ["saved", "read"]) {
      const slugs = slugsOf(kind);
      const list = one(`[data-list="${kind}"]`);
      one(`[data-count="${kind}"]`).textContent = number(slugs.length);
      list.replaceChildren(...(slugs.length ? slugs.map(entry) : [list.dataset.none]).map((content) => {
        const item = document.createElement("li");
        item.append(content);
        return item;
      }));
    }
    one('[data-count="settings"]').textContent = number(Object.keys(whole.settings ?? {}).length);
    one("[data-raw]").textContent = JSON.stringify(whole, null, 2);
  };
  addEventListener("storage", show);
  document.addEventListener("folio:setting", show);
  show();
  // Without a network the slugs have to do.
  const renew = () => entitle().catch(() => {});
  renew();

  // To a file, and back

  one("[data-export]").addEventListener("click", () => {
    const text = JSON.stringify({ format: folio.KEY, guide: root.dataset.title, data: folio.all() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
    link.download = `askbook-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });

  // The first place where something is not what this site writes, or null. Parts that it does not know are others'.
  const wrongPlace = ({ settings = {}, marks = {}, titles = {} }) => {
    if (!isPlain(titles)) return "titles";
    for (const [slug, title] of Object.entries(titles)) if (typeof title !== "string") return `titles.${slug}`;
    if (!isPlain(settings)) return "settings";
    for (const [name, value] of Object.entries(settings)) {
      const isLevel = name === "level" && isPlain(value) && typeof value.slug === "string" && typeof value.name === "string";
      if (!isLevel && (name === "level" || typeof value !== "string")) return `settings.${name}`;
    }
    if (!isPlain(marks)) return "marks";
    const isMarks = (value) => Array.isArray(value) && value.every((kind) => kind === "read" || kind === "saved");
    return Object.entries(marks).filter(([, value]) => !isMarks(value)).map(([slug]) => `marks.${slug}`)[0] ?? null;
  };
  const merged = (old, added) => {
    const marks = { ...old.marks };
    for (const [slug, own] of Object.entries(added.marks ?? {})) marks[slug] = [...new Set([...(Array.isArray(marks[slug]) ? marks[slug] : []), ...own])].sort();
    return { ...old, ...added, settings: { ...old.settings, ...added.settings }, marks, titles: { ...old.titles, ...added.titles } };
  };

  /** What a file holds; whatever is wrong with it is thrown as a sentence for its reader. */
  const dataIn = async (file, words) => {
    if (file.size > 1e6) throw new Error(fill(words.tooLarge, { size: size(file.size) }));
    let written;
    try {
      written = JSON.parse(await file.text());
    } catch (malformed) {
      throw new Error(fill(words.notJson, { reason: malformed.message }));
    }
    if (!isPlain(written) || written.format !== folio.KEY || !isPlain(written.data)) throw new Error(words.notOurs);
    const place = wrongPlace(written.data);
    if (place !== null) throw new Error(fill(words.wrong, { place }));
    return written.data;
  };

  const form = one("[data-import]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = form.querySelector("input[type=file]");
    const file = input.files[0];
    if (!file) return;
    say("move", "");
    try {
      const data = await dataIn(file, form.dataset);
      const isKept = folio.restore(form.elements.way.value === "merge" ? merged(folio.all(), data) : data);
      say("move", fill(isKept ? form.dataset.done : root.dataset.refused, { name: file.name }));
      form.reset();
    } catch (wrong) {
      say("move", wrong.message);
    }
    show();
    renew();
  });

  // Erasing takes two clicks

  const erase = one("[data-erase]"), spare = one("[data-spare]");
  const words = erase.textContent;
  const ask = (isAsked) => {
    erase.textContent = isAsked ? erase.dataset.sure : words;
    spare.hidden = !isAsked;
  };
  erase.addEventListener("click", () => {
    if (spare.hidden) {
      say("erase", "");
      ask(true);
      return;
    }
    const isKept = folio.restore({});
    ask(false);
    show();
    say("erase", isKept ? one('[data-status="erase"]').dataset.done : root.dataset.refused);
  });
  spare.addEventListener("click", () => {
    ask(false);
    erase.focus();
  });

  // Reading offline

  const section = one("[data-offline]");
  if (section) {
    const { dataset } = one('[data-status="offline"]');
    const keepAll = one("[data-keep-all]"), drop = one("[data-drop]"), bar = one("[data-bar]");
    let all = null;
    const stand = async () => {
      const isOff = folio.setting("offline") === "off";
      keepAll.disabled = drop.disabled = true;
      if (!folio.offline.isPossible) {
        say("offline", dataset.impossible);
        return;
      }
      try {
        const kept = isOff ? [] : await (await caches.open(folio.offline.name)).keys();
        drop.disabled = !kept.length;
        if (isOff) {
          say("offline", dataset.off);
          return;
        }
        all ??= await fetch(section.dataset.listUrl, { cache: "no-cache" }).then((answer) => answer.json()).then(({ files }) => files).catch(() => null);
        const bytes = all ? all.reduce((sum, [, , own]) => sum + own, 0) : 0;
        const values = { kept: number(kept.length), all: number(all?.length ?? 0), size: size(bytes) };
        const isWhole = folio.setting("kept") === "all" && all && kept.length >= all.length;
        say("offline", `${fill(isWhole ? dataset.all : dataset.some, values)}${all && !isWhole ? ` ${fill(dataset.offer, values)}` : ""}`);
        keepAll.disabled = isWhole || !all || !navigator.serviceWorker.controller;
      } catch (refused) {
        say("offline", dataset.impossible);
      }
    };
    keepAll.addEventListener("click", () => {
      keepAll.disabled = true;
      say("offline", dataset.working);
      folio.set("kept", "all");
      folio.offline.tell({ kind: "everything" });
    });
    drop.addEventListener("click", async () => {
      folio.set("kept", null);
      await caches.delete(folio.offline.name);
      await stand();
      keepAll.focus();
    });
    if (folio.offline.isPossible) {
      navigator.serviceWorker.addEventListener("message", ({ data }) => {
        bar.hidden = data.kind !== "progress";
        if (data.kind === "progress") {
          bar.max = data.all;
          bar.value = data.done;
        } else if (data.kind === "complete") stand();
        else if (data.kind === "failed") {
          say("offline", fill(dataset.failed, { reason: data.reason }));
          keepAll.disabled = false;
        }
      });
      navigator.serviceWorker.addEventListener("controllerchange", stand);
    }
    document.addEventListener("folio:setting", ({ detail }) => { if (detail.name === "offline") setTimeout(stand, 200); });
    stand();
  }
}
