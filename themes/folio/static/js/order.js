// Previous and next in the order by which the reader came. A list names itself in the addresses of its questions, as ?in=levels/senior/,
// and a question asks that list for its neighbours: nothing is stored. Touches links to questions in <main> and .neighbours of a question.
{
  // A page that mentions fewer questions is no list of them.
  const LIST = 10;
  const root = new URL(document.documentElement.dataset.root, document.baseURI).href;
  const bare = (url) => url.split(/[?#]/)[0];
  const isQuestion = (link) => link.href.startsWith(`${root}questions/`) && /\/questions\/[^/]+\/$/.test(bare(link.href));
  const inside = (url) => encodeURIComponent(url.slice(root.length)).replaceAll("%2F", "/");

  /** The questions of a list, each once, where it is listed first. */
  const entriesOf = (list) => {
    const entries = new Map();
    for (const link of list.querySelectorAll("main :is(.group, .prose) a[href]")) {
      if (isQuestion(link) && !entries.has(bare(link.href))) entries.set(bare(link.href), { url: bare(link.href), title: [...link.childNodes], list: list.URL });
    }
    return [...entries.values()];
  };

  // A document that is fetched as one needs no parser of texts, which the policy forbids.
  const fetched = (url) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? done(request.response) : failed(new Error(`${request.status}`)));
    request.onerror = failed;
    request.send();
  });

  /** The list at an address, with what stands before and behind it where it goes on on further pages. */
  async function listAt(url) {
    const list = await fetched(url);
    const own = entriesOf(list);
    const at = own.findIndex((entry) => entry.url === bare(location.href));
    const further = async (rel) => {
      const link = list.querySelector(`.pager a[rel="${rel}"]`);
      return link ? entriesOf(await fetched(link.href)) : [];
    };
    const before = at === 0 ? await further("prev") : [];
    const behind = at === own.length - 1 ? await further("next") : [];
    return { name: list.querySelector("h1").textContent, entries: own.length < LIST && list.querySelector(".kind-guide") ? [] : [...before, ...own, ...behind] };
  }

  async function foundBy(url) {
    const words = document.getElementById("search-words-template");
    const { order } = await import(new URL(words.dataset.module, document.baseURI).href);
    return order(words, url, bare(location.href));
  }

  async function follow(url) {
    const { name, entries } = await (new URL(url).search ? foundBy : listAt)(url);
    const at = entries.findIndex((entry) => bare(entry.url) === bare(location.href));
    const nav = folio.clone("order")?.firstElementChild;
    if (!nav || at < 0 || entries.length < 2) return;
    for (const [rel, entry] of [["prev", entries[at - 1]], ["next", entries[at + 1]]]) {
      const link = nav.querySelector(`[rel="${rel}"]`);
      if (!entry) {
        link.remove();
        continue;
      }
      link.href = `${bare(entry.url)}?in=${inside(entry.list)}`;
      link.querySelector(".neighbour-title").replaceChildren(...entry.title.map((node) => document.importNode(node, true)));
      const label = link.querySelector(".neighbour-label").lastChild;
      label.textContent = label.textContent.replace("{name}", name);
    }
    const old = document.querySelector("main > .neighbours");
    if (old) old.replaceWith(nav);
    else document.querySelector(".question").after(nav);
  }

  const came = document.querySelector(".question") && new URLSearchParams(location.search).get("in");
  if (came) {
    const { href } = new URL(came, root);
    // Without its list a question stays in the order of its topic.
    if (href.startsWith(root) && href !== location.href) follow(href).catch(() => {});
  } else if (location.protocol !== "file:" && !document.querySelector(".question") && (!document.querySelector(".guide") || entriesOf(document).length >= LIST)) {
    for (const link of document.querySelectorAll("main a[href]")) if (isQuestion(link)) link.search = `?in=${inside(bare(location.href))}`;
  }
}
