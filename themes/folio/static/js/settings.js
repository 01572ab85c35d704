// The panel of reading settings. Touches the header's settings button and the dialog it clones.
{
  const opener = document.querySelector('[data-opens="settings"]');
  const content = folio.clone("settings");
  if (opener && content) {
    const dialog = content.firstElementChild;
    const form = dialog.querySelector("[data-settings]");
    const pinned = dialog.querySelector("[data-pinned]");
    const defaults = { theme: "auto", size: "medium", measure: "medium", code: "scroll", answers: "open", keys: "on", offline: "on" };

    const show = () => {
      for (const input of form.querySelectorAll("input")) input.checked = input.value === (folio.setting(input.name) || defaults[input.name]);
      if (!folio.offline.isPossible) form.querySelector('[name="offline"]')?.closest("fieldset").remove();
      const level = folio.setting("level");
      pinned.hidden = !level;
      if (level) pinned.querySelector("[data-pinned-name]").textContent = level.name;
    };

    folio.dialog(opener, dialog);
    opener.addEventListener("click", show);
    document.addEventListener("folio:setting", show);
    form.addEventListener("change", (event) => {
      const { name, value } = event.target;
      folio.set(name, value === defaults[name] ? null : value);
    });
    dialog.querySelector("[data-unpin]").addEventListener("click", () => {
      folio.set("level", null);
      dialog.querySelector("[data-closes]").focus();
    });
  }
}
