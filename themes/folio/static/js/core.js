// What the other modules share: the reader's store, cloning from templates, announcing. Touches <html> and the end of <body>.
"use strict";

const folio = (() => {
  const KEY = "askbook.v1";
  const root = document.documentElement;
  let memory = null;
  let written = null;

  // Without storage the settings last as long as the page.
  function read() {
    if (memory) return memory;
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(KEY));
    } catch (blockedOrBroken) {
      kept = written;
    }
    memory = kept && typeof kept === "object" ? kept : {};
    return memory;
  }

  // Other parts of the store belong to others and are kept.
  function write(part, value) {
    memory = null;
    memory = { ...read(), [part]: value };
    written = memory;
    try {
      localStorage.setItem(KEY, JSON.stringify(memory));
    } catch (blockedOrFull) {
      // The choice holds for this page.
    }
  }

  function setting(name) {
    const settings = read().settings;
    return settings && Object.hasOwn(settings, name) ? settings[name] : null;
  }

  // A null value forgets the setting.
  function set(name, value) {
    const settings = { ...read().settings, [name]: value };
    if (value === null) delete settings[name];
    write("settings", settings);
    tell(name, value);
  }

  function tell(name, value) {
    if (typeof value === "string") root.setAttribute(`data-${name}`, value);
    else root.removeAttribute(`data-${name}`);
    document.dispatchEvent(new CustomEvent("folio:setting", { detail: { name, value } }));
  }

  // Everything that is kept, and everything put in its place. A browser that refuses to keep it says so by `false`.
  const all = () => structuredClone(read());
  function restore(whole) {
    const names = new Set([...Object.keys(read().settings ?? {}), ...Object.keys(whole.settings ?? {})]);
    memory = whole;
    written = whole;
    let isKept = true;
    try {
      if (Object.keys(whole).length) localStorage.setItem(KEY, JSON.stringify(whole));
      else localStorage.removeItem(KEY);
    } catch (blockedOrFull) {
      isKept = false;
    }
    for (const name of names) tell(name, setting(name));
    return isKept;
  }

  // The marks of one question: a set of "read" and "saved".
  function marks(slug) {
    const all = read().marks;
    const own = all && Object.hasOwn(all, slug) ? all[slug] : null;
    return new Set(Array.isArray(own) ? own : []);
  }

  // The title is kept beside the marks, so that they can be named without a network.
  function mark(slug, kind, on, title) {
    const own = marks(slug);
    if (on) own.add(kind);
    else own.delete(kind);
    const all = { ...read().marks, [slug]: [...own].sort() };
    if (!own.size) delete all[slug];
    write("marks", all);
    entitle({ [slug]: own.size ? title : undefined });
  }

  // What `undefined` names is forgotten.
  function entitle(titles) {
    write("titles", { ...read().titles, ...titles });
  }

  // The contents of <template id="NAME-template">, or null on a page that has none.
  function clone(name) {
    const template = document.getElementById(`${name}-template`);
    return template ? template.content.cloneNode(true) : null;
  }

  // What the address points at; anybody can write the part after the hash.
  function target() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch (malformed) {
      return null;
    }
  }

  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  function announce(text) {
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50);
  }

  // A change made in another tab is seen here before the next one is written.
  addEventListener("storage", (event) => { if (event.key === KEY) memory = null; });

  // A page that the browser has kept whole for going back shows what was marked and chosen when it was left.
  let left;
  addEventListener("pagehide", () => { left = JSON.stringify(read()); });
  addEventListener("pageshow", ({ persisted }) => {
    memory = null;
    if (persisted && JSON.stringify(read()) !== left) location.reload();
  });

  return { KEY, setting, set, all, restore, marks, mark, entitle, clone, target, announce };
})();

// Opens modal dialogs; the browser makes the page behind inert, closes on Escape and returns the focus.
folio.dialog = (opener, dialog) => {
  document.body.append(dialog);
  opener.addEventListener("click", () => {
    dialog.showModal();
    opener.setAttribute("aria-expanded", "true");
  });
  dialog.addEventListener("close", () => {
    opener.setAttribute("aria-expanded", "false");
    // A key that opened it from nowhere would leave the focus nowhere: on the page, or still inside.
    if (document.activeElement === document.body || dialog.contains(document.activeElement)) opener.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
  });
};

// The header's buttons; settings.js and menu.js give them their dialogs.
{
  const tools = document.getElementById("tools");
  const buttons = folio.clone("tools");
  if (tools && buttons) tools.append(buttons);
}
