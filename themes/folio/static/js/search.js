// The interface of search. Touches the search dialog and elements with [data-search-page]; the page's words come from #search-words-template.

// The engine answers in a worker, or in this thread where there is none. The last question wins.
function engine(words) {
  const root = new URL(document.documentElement.dataset.searchRoot, document.baseURI).href;
  const core = new URL(words.dataset.core, document.baseURI).href;
  const waiting = new Map();
  let count = 0, local = null, worker = null;
  try {
    const address = new URL(words.dataset.worker, document.baseURI).href;
    // The only script address that is ever made from text, and it is the theme's own.
    const policy = globalThis.trustedTypes?.createPolicy("askbook-search", { createScriptURL: (text) => { if (text !== address) throw new TypeError("another script"); return text; } });
    worker = new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
  } catch (refused) {
    worker = null;
  }
  const settle = ({ id, answer, error }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error === undefined) resolve?.(answer);
    else reject?.(new Error(error));
  };
  const here = async ({ kind, query, options }) => {
    local ??= import(core).then(({ openIndex }) => openIndex(root));
    local.catch(() => { local = null; });
    const index = await local;
    return kind === "open" ? index.facets : kind === "prefetch" ? index.prefetch() : index[kind === "peek" ? "peek" : "search"](query, options);
  };
  worker?.addEventListener("message", ({ data }) => settle(data));
  // A worker that cannot start leaves its questions to this thread.
  worker?.addEventListener("error", () => {
    worker = null;
    for (const [id, { message }] of [...waiting]) here(message).then((answer) => settle({ id, answer }), (error) => settle({ id, error: String(error) }));
  });
  return (kind, query, options) => new Promise((resolve, reject) => {
    const message = { id: (count += 1), kind, core, root, query, options };
    waiting.set(message.id, { resolve, reject, message });
    if (worker) worker.postMessage(message);
    else here(message).then((answer) => settle({ id: message.id, answer }), (error) => settle({ id: message.id, error: String(error) }));
  });
}

let shared = null;
const ask = (words, ...question) => (shared ??= engine(words))(...question);

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
// Where the text of a table ends, nothing follows the mark between its cells.
const excerptOf = ({ excerpt }) => excerpt.map(({ text, mark }, at) => (mark ? element("mark", {}, text) : at === excerpt.length - 1 ? text.replace(/\s+·\s*$/, "") : text));

// Level and kind, or category, as on the cards of lists.
const factsOf = ({ terms }, name) => {
  const parts = [];
  for (const { slug, name: text } of terms.level ?? []) parts.push(element("span", { class: "level", "data-level": slug }, element("span", { class: "meter" }), text), " ");
  for (const { name: text } of terms.kind ?? terms.category ?? []) parts.push(element("span", {}, text), " ");
  return parts.length ? [element(name, { class: "card-facts" }, ...parts)] : [];
};

// A question remembers the search that found it, so that previous and next follow it; see order.js.
const home = () => new URL(document.documentElement.dataset.root, document.baseURI).href;
const isQuestion = (url) => url.startsWith(`${home()}questions/`);
const found = (url, page, address) => {
  const link = new URL(url, document.baseURI);
  if (isQuestion(link.href)) link.search = `?in=${encodeURIComponent(`${page}?${address}`).replaceAll("%2F", "/")}`;
  return link.href;
};
const addressOf = (query, chosen) => {
  const address = new URLSearchParams(query ? { q: query } : {});
  for (const [name, slugs] of Object.entries(chosen)) for (const slug of slugs ?? []) address.append(name, slug);
  return address;
};

/**
 * The questions that a search finds, in its order, and a name for them: as far as the one behind `here`, because every result costs a
 * text, and whoever reads on takes the next.
 */
export async function order(words, url, here) {
  const { searchParams } = new URL(url);
  const query = searchParams.get("q") ?? "";
  const filters = {}, names = query ? [`“${query}”`] : [];
  for (const { name, terms } of await ask(words, "open")) {
    filters[name] = searchParams.getAll(name);
    for (const term of terms) if (filters[name].includes(term.slug)) names.push(term.name);
  }
  for (let limit = PART; ; limit += PART) {
    const { results } = await ask(words, "search", query, { filters, limit });
    const entries = results.map(({ title, url: own }) => ({ title: [document.createTextNode(title)], url: new URL(own, document.baseURI).href, list: url })).filter((entry) => isQuestion(entry.url));
    const at = entries.findIndex((entry) => entry.url === here);
    if ((at >= 0 && at < entries.length - 1) || results.length < limit || limit >= ORDER) return { name: names.join(", "), entries };
  }
}

const counted = (words, n) => (n === 1 ? words.dataset.one : words.dataset.other).replace("{n}", n.toLocaleString(document.documentElement.lang));

// A folding list of buttons for each facet, with counts that follow the results.
function facets(place, words, list, chosen, changed) {
  const groups = list.filter(({ terms }) => terms.some(({ count }) => count)).map(({ name, terms }) => {
    const label = words.dataset[`facet${name[0].toUpperCase()}${name.slice(1)}`] ?? name;
    const mark = element("span", { class: "facet-chosen" });
    const buttons = terms.filter(({ count }) => count).map(({ slug, name: text, count }) => {
      const number = element("span", { class: "count" }, String(count));
      const button = element("button", { type: "button", class: "facet-button", "aria-pressed": "false" }, text, " ", number);
      button.addEventListener("click", () => {
        const own = (chosen[name] ??= []);
        chosen[name] = own.includes(slug) ? own.filter((other) => other !== slug) : [...own, slug];
        changed();
      });
      return { slug, text, button, number };
    });
    const details = element("details", { class: "facet" }, element("summary", {}, label, mark), element("div", { class: "facet-buttons" }, ...buttons.map(({ button }) => button)));
    return { name, details, mark, buttons };
  });
  const clear = element("button", { type: "button", class: "text-button", hidden: "" }, words.dataset.clear);
  clear.addEventListener("click", () => {
    for (const name of Object.keys(chosen)) delete chosen[name];
    changed();
    groups[0]?.details.firstChild.focus();
  });
  place.replaceChildren(...groups.map(({ details }) => details), clear);
  place.hidden = false;
  // One list is open at a time, and it closes when the reader turns elsewhere.
  for (const { details } of groups) details.addEventListener("toggle", () => { if (details.open) for (const other of groups) if (other.details !== details) other.details.open = false; });
  place.addEventListener("keydown", (event) => {
    const open = groups.find(({ details }) => details.open);
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    open.details.open = false;
    open.details.firstChild.focus();
  });
  document.addEventListener("click", (event) => { for (const { details } of groups) if (details.open && !details.contains(event.target)) details.open = false; });
  return (counts) => {
    clear.hidden = !Object.values(chosen).some((own) => own.length);
    for (const { name, mark, buttons } of groups) {
      const own = chosen[name] ?? [];
      mark.textContent = own.length ? buttons.filter(({ slug }) => own.includes(slug)).map(({ text }) => text).join(", ") : "";
      for (const { slug, button, number } of buttons) {
        const count = counts?.[name]?.[slug] ?? 0;
        button.setAttribute("aria-pressed", String(own.includes(slug)));
        if (counts) number.textContent = String(count);
        button.classList.toggle("is-empty", Boolean(counts) && count === 0 && !own.includes(slug));
      }
    }
  };
}

// Says how it stands, and helps where nothing was found.
function tell(root, words, state, answer) {
  const status = root.querySelector("[data-status]"), help = root.querySelector("[data-help]");
  const text = { idle: "", loading: words.dataset.loading, failed: words.dataset.failed, found: answer ? (answer.total ? counted(words, answer.total) : words.dataset.empty) : "" }[state];
  if (status.textContent !== text) status.textContent = text;
  const isLost = state === "failed" || (state === "found" && !answer.total);
  help.replaceChildren(...(isLost ? [...(state === "found" ? [element("p", {}, words.dataset.emptyHint)] : []), words.content.cloneNode(true)] : []));
}

// Texts of results are fetched when nothing was typed for so long; what is at hand is shown at once.
const PAUSE_MS = 120;

// So many results come at a time on a page, so many are at most an order to read in.
const PART = 10, ORDER = 100;

// So many come first in the dialog, about what a phone shows, and so many at most: each is a text to fetch.
const FIRST = 5, MOST = 10;

// Asks at most once at a time: what was typed meanwhile is asked next, what is between is left out. A question that only peeks
// shows nothing where it would have to wait, and leaves failures to the one that follows it.
function asker(words, show) {
  let busy = false, next = null;
  const run = async () => {
    busy = true;
    const question = next;
    next = null;
    try {
      const answer = await ask(words, question.kind, question.query, { filters: question.filters, limit: question.limit });
      if (!next && answer) show(answer, question);
    } catch (failure) {
      if (!next && question.kind === "search") show(null, question);
    }
    busy = false;
    if (next) run();
  };
  return (question) => {
    next = question;
    if (!busy) run();
  };
}

let hasPrefetched = false;
function prefetchWhenIdle(words) {
  if (hasPrefetched || navigator.connection?.saveData) return;
  hasPrefetched = true;
  const later = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1500));
  later(() => ask(words, "prefetch").catch(() => { hasPrefetched = false; }));
}

/** The dialog: a combobox over a list of links. Gives a function that reads the box anew. */
export async function box(dialog, words) {
  const input = dialog.querySelector("input"), list = dialog.querySelector("[data-results]"), asPage = dialog.querySelector("[data-as-page]");
  const page = asPage.getAttribute("href"), chosen = {};
  // `shown` is the query of the options; `wanted` opens the first one as soon as they are those of what was typed.
  let options = [], active = -1, update = () => {}, timer = 0, shown = "", wanted = null;

  const activate = (number) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = number;
    const option = options[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = (answer, { query, limit }) => {
    if (!answer) {
      wanted = null;
      tell(dialog, words, "failed");
      return;
    }
    // The whole answer to what was typed may follow a quick one, and the next results the first: where the reader has moved to
    // meanwhile stays selected and in view.
    const [selected, top] = query === shown ? [options[active]?.href, list.scrollTop] : [undefined, 0];
    shown = query;
    update(query || hasFilters() ? answer.facets : null);
    const results = query || hasFilters() ? answer.results : [];
    list.replaceChildren();
    options = [];
    const add = (attributes, ...children) => {
      const option = element("a", { role: "option", id: `search-option-${options.length}`, "aria-selected": "false", tabindex: "-1", ...attributes }, ...children);
      options.push(option);
      list.append(option);
    };
    for (const result of results) {
      const url = (own) => found(own, "search/", addressOf(query, chosen));
      add({ href: url(result.url), class: "hit" }, element("span", { class: "hit-title" }, result.title), " ", ...factsOf(result, "span"), element("span", { class: "hit-excerpt" }, ...excerptOf(result)));
      for (const { text, url: own } of result.headings) add({ href: url(own), class: "hit hit-heading" }, text);
    }
    input.setAttribute("aria-expanded", String(options.length > 0));
    list.scrollTop = top;
    end.disconnect();
    if (results.length === limit && limit < Math.min(answer.total, MOST)) end.observe(options.at(-1));
    activate(options.findIndex(({ href }) => href === selected));
    tell(dialog, words, query || hasFilters() ? "found" : "idle", answer);
    prefetchWhenIdle(words);
    if (wanted && query === input.value) follow(options[0], wanted);
  };
  const follow = (option, event) => {
    wanted = null;
    if (!option) return;
    if (event.ctrlKey || event.metaKey) open(option.href, "_blank", "noopener");
    else {
      dialog.close();
      location.href = option.href;
    }
  };
  const hasFilters = () => Object.values(chosen).some((own) => own.length);
  const question = asker(words, show);
  // Whoever sees the last one gets the next.
  const end = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting) || shown !== input.value) return;
    end.disconnect();
    question({ kind: "search", query: shown, filters: chosen, limit: MOST });
  }, { root: list });
  const read = (kind = "search") => {
    const query = input.value;
    const address = addressOf(query, chosen);
    asPage.href = `${page}${address.size ? `?${address}` : ""}`;
    if (!query.trim() && !hasFilters()) show({ total: 0, results: [], facets: null }, { query: "" });
    else question({ kind, query, filters: chosen, limit: FIRST });
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    wanted = null;
    read("peek");
    timer = setTimeout(read, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      const from = active < 0 && step < 0 ? 0 : active;
      activate((from + step + options.length) % options.length);
    } else if ((event.key === "Home" || event.key === "End") && active >= 0) {
      event.preventDefault();
      activate(event.key === "Home" ? 0 : options.length - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (active < 0 && shown !== input.value) {
        // Whoever is faster than the answer means the first result of what was typed.
        clearTimeout(timer);
        wanted = event;
        read();
      } else follow(options[Math.max(active, 0)], event);
    }
  });
  list.addEventListener("click", (event) => { if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close(); });

  tell(dialog, words, "loading");
  try {
    update = facets(dialog.querySelector("[data-facets]"), words, await ask(words, "open"), chosen, () => {
      read();
      update(null);
    });
    tell(dialog, words, "idle");
  } catch (failure) {
    tell(dialog, words, "failed");
    throw failure;
  }
  return read;
}

/** A page or list with its state in the address: `?q=` and one parameter for each term. */
export async function page(root, words) {
  const input = root.querySelector("input"), list = root.querySelector("[data-results]"), fallback = root.parentElement.querySelector("[data-search-fallback]");
  const chosen = {};
  // What somebody typed while the code was on its way counts for more than the address.
  let names = [], limit = PART, timer = 0, update = () => {}, isTyped = Boolean(input?.value);

  const more = element("button", { type: "button", class: "text-button", hidden: "" }, words.dataset.more);
  list.after(more);
  more.addEventListener("click", () => {
    limit += PART;
    refresh(list.children.length);
  });
  // A list that was only narrowed down keeps its cards; those of its further pages are made anew.
  const cards = new Map([...fallback?.querySelectorAll(".card") ?? []].map((card) => [card.querySelector(".card-title a").href.split("?")[0], card]));
  const cardOf = (address, href) => {
    const card = cards.get(address)?.cloneNode(true);
    const title = card?.querySelector(".card-title");
    title?.querySelector("a").setAttribute("href", href);
    title?.replaceWith(element("h2", { class: "card-title" }, ...title.childNodes));
    return card;
  };
  const show = (answer, { focus }) => {
    if (!answer) {
      tell(root, words, "failed");
      if (fallback) fallback.hidden = false;
      return;
    }
    const url = (own) => found(own, location.href.slice(home().length).split(/[?#]/)[0], addressOf(input?.value, chosen));
    list.replaceChildren(...answer.results.map((result) => (input ? null : cardOf(result.url, url(result.url))) ?? element("li", { class: "card result" },
      element("h2", { class: "card-title" }, element("a", { href: url(result.url) }, result.title)),
      element("p", { class: "card-summary" }, ...excerptOf(result)),
      ...(result.headings.length ? [element("ul", { class: "result-headings" }, ...result.headings.map(({ text, url: own }) => element("li", {}, element("a", { href: url(own) }, text))))] : []),
      ...factsOf(result, "p"))));
    more.hidden = answer.results.length >= answer.total;
    if (focus !== undefined) list.children[focus]?.querySelector("a").focus();
    tell(root, words, "found", answer);
    update(answer.facets);
    prefetchWhenIdle(words);
  };
  const question = asker(words, (answer, asked) => { if (isActive()) show(answer, asked); });
  const isActive = () => Boolean(input?.value.trim()) || Object.values(chosen).some((own) => own.length);
  const refresh = (focus, kind = "search") => {
    if (fallback) fallback.hidden = isActive();
    if (isActive()) question({ kind, query: input?.value ?? "", filters: { ...chosen }, limit, focus });
    else {
      list.replaceChildren();
      more.hidden = true;
      tell(root, words, "idle");
      update(null);
    }
  };
  const readAddress = () => {
    const address = new URLSearchParams(location.search);
    if (input && !isTyped) input.value = address.get("q") ?? "";
    isTyped = false;
    for (const name of names) chosen[name] = address.getAll(name);
    limit = PART;
    refresh();
  };
  const writeAddress = (method) => {
    const address = addressOf(input?.value, chosen);
    history[method](null, "", address.size ? `?${address}` : location.pathname);
  };

  input?.addEventListener("input", () => {
    clearTimeout(timer);
    limit = PART;
    isTyped = !names.length;
    // What may be chosen is not known yet; the first answer is asked for when it is.
    if (isTyped) return;
    refresh(undefined, "peek");
    timer = setTimeout(() => {
      writeAddress("replaceState");
      refresh();
    }, PAUSE_MS);
  });
  input?.form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", readAddress);
  try {
    const all = await ask(words, "open");
    names = all.map(({ name }) => name);
    // The question's own list counts questions; the facets of an index never hold other pages.
    update = facets(root.querySelector("[data-facets]"), words, all, chosen, () => {
      limit = PART;
      writeAddress("pushState");
      refresh();
      update(null);
    });
    const wasTyped = isTyped;
    readAddress();
    if (wasTyped) writeAddress("replaceState");
    const fold = root.querySelector(".facets-fold");
    if (fold && names.some((name) => chosen[name].length)) fold.open = true;
  } catch (failure) {
    tell(root, words, "failed");
    throw failure;
  }
}
