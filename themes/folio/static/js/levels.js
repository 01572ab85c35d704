// The reader's own level: chosen beside a level's name, remembered, marked wherever levels are named.
// Touches .depth-note, .level-column, .level and the rubric's cells.
{
  const levels = [...document.querySelectorAll(".depth-note, .level-column")];

  const mark = () => {
    const pinned = folio.setting("level");
    const slug = pinned && pinned.slug;
    let beyond = false;
    for (const one of levels) {
      const own = one.dataset.level === slug;
      one.classList.toggle("is-pinned", own);
      one.classList.toggle("is-beyond", beyond);
      const pin = one.querySelector(".pin");
      if (pin) pin.setAttribute("aria-pressed", String(own));
      beyond = beyond || own;
    }
    for (const one of document.querySelectorAll(".level")) one.classList.toggle("is-pinned", one.dataset.level === slug);
    markRubric(slug);
  };

  // Score 3 is what the page's level should do, score 4 what the level above would.
  const markRubric = (slug) => {
    const rubric = document.querySelector(".rubric");
    if (!rubric) return;
    const order = levels.map((one) => one.dataset.level);
    const above = order.indexOf(slug) > order.indexOf(rubric.dataset.level);
    const expected = slug === rubric.dataset.level ? 3 : above ? 4 : 0;
    for (const row of rubric.rows) {
      [...row.cells].forEach((cell, score) => cell.classList.toggle("is-expected", score > 0 && score === expected));
    }
  };

  for (const one of levels) {
    const content = folio.clone("pin");
    if (!content) break;
    const button = content.firstElementChild;
    button.querySelector("[data-level-label]").textContent = ` ${one.dataset.levelName}`;
    button.addEventListener("click", () => {
      const own = button.getAttribute("aria-pressed") === "true";
      folio.set("level", own ? null : { slug: one.dataset.level, name: one.dataset.levelName });
    });
    one.querySelector(".depth-head").append(button);
  }
  mark();
  document.addEventListener("folio:setting", (event) => { if (event.detail.name === "level") mark(); });
}
