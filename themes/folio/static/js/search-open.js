// Opens search: the header's form, `/`, Ctrl or Command with K, and pages with [data-search-page]. Loads search.js on first use only.
{
  const words = document.getElementById("search-words-template");
  const form = document.getElementById("search");
  const content = words && folio.clone("search");
  const load = () => import(new URL(words.dataset.module, document.baseURI).href);

  if (content && form) {
    const dialog = content.firstElementChild;
    const input = dialog.querySelector("input");
    const own = form.querySelector("input");
    // What takes over the keys of the box once the code is there.
    let loaded = null, isReady = false;
    document.body.append(dialog);

    // The box is there at once and keeps what is typed while the code is on its way.
    const open = (text) => {
      if (dialog.open) return;
      input.value = text;
      dialog.showModal();
      input.focus();
      loaded ??= load().then(({ box }) => {
        isReady = true;
        return box(dialog, words);
      });
      loaded.catch(() => {
        loaded = null;
        const status = dialog.querySelector("[data-status]");
        status.textContent = words.dataset.failed;
        dialog.querySelector("[data-help]").replaceChildren(words.content.cloneNode(true));
      });
      loaded.then((update) => update(), () => {});
    };
    const page = document.querySelector("[data-search-page] input");
    const start = (text) => {
      if (page) {
        if (text) page.value = text;
        page.focus();
        page.select();
      } else open(text);
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      start(own.value);
    });
    own.addEventListener("click", () => start(own.value));
    own.addEventListener("input", () => {
      start(own.value);
      own.value = "";
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
    });

    // Whoever presses Enter before the code is there is led to the page of search, with what was typed.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || isReady) return;
      event.preventDefault();
      const page = new URL(form.action);
      page.searchParams.set("q", input.value);
      location.href = page.href;
    });

    // A search field would spend the first Escape on emptying itself.
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      dialog.close();
    });

    const isTyping = (element) => element instanceof Element && element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      const isShortcut = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const isSingle = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && folio.setting("keys") !== "off";
      if (isShortcut || (isSingle && event.key === "/")) {
        event.preventDefault();
        start("");
      } else if (isSingle && event.key === "?") {
        document.querySelector('[data-opens="settings"]')?.click();
        document.querySelector("dialog[open] [data-keys]")?.focus();
      } else if (isSingle && /^[np]$/.test(event.key)) document.querySelector(`main a[rel=${event.key === "n" ? "next" : "prev"}]`)?.click();
    });
  }

  const pages = document.querySelectorAll("[data-search-page]");
  if (words && pages.length) {
    // A page with a field or with a state in its address is ready at once; a list that only may be
    // narrowed down loads nothing until somebody reaches for it.
    for (const element of pages) {
      const attach = () => load().then(({ page }) => page(element, words)).catch(() => {
        element.querySelector("[data-status]").textContent = words.dataset.failed;
      });
      if (element.querySelector("input") || location.search) attach();
      else element.querySelector(".facets-fold").addEventListener("toggle", attach, { once: true });
    }
  }
}
