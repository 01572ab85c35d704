// Tabs for one sample in several languages; the choice is remembered on every page. Touches .tabs and its figures.
{
  const groups = [...document.querySelectorAll(".tabs")].map((group, number) => {
    const figures = [...group.querySelectorAll("[data-tab]")];
    const names = [...new Set(figures.map((figure) => figure.dataset.tab))];
    const list = document.createElement("div");
    list.className = "tab-list";
    list.setAttribute("role", "tablist");
    const buttons = names.map((name, at) => {
      const button = document.createElement("button");
      const own = figures.filter((figure) => figure.dataset.tab === name);
      own.forEach((figure, part) => { figure.id ||= `tab-${number}-${at}-${part}`; });
      button.type = "button";
      button.textContent = name;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", own.map(({ id }) => id).join(" "));
      button.addEventListener("click", () => folio.set("tab", name));
      list.append(button);
      return button;
    });
    list.addEventListener("keydown", ({ key }) => {
      const at = buttons.indexOf(document.activeElement);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      const to = key === "Home" ? 0 : key === "End" ? buttons.length - 1 : step ? (at + step + buttons.length) % buttons.length : -1;
      if (at < 0 || to < 0) return;
      buttons[to].focus();
      buttons[to].click();
    });
    if (names.length > 1) group.prepend(list);
    return { figures, names, buttons };
  });

  // A group without the chosen language keeps what it shows.
  const show = () => {
    const chosen = folio.setting("tab");
    for (const group of groups) {
      const current = group.names.includes(chosen) ? chosen : group.current ?? group.names[0];
      group.current = current;
      for (const figure of group.figures) figure.classList.toggle("is-off", figure.dataset.tab !== current);
      for (const button of group.buttons) {
        const own = button.textContent === current;
        button.setAttribute("aria-selected", String(own));
        button.tabIndex = own ? 0 : -1;
      }
    }
  };
  show();
  document.addEventListener("folio:setting", (event) => { if (event.detail.name === "tab") show(); });
}
