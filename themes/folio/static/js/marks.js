// Questions marked as read or saved. Touches #answer-tools of a question and the cards of every list.
{
  const kinds = ["read", "saved"];
  const page = document.querySelector(".question");
  const tools = document.getElementById("answer-tools");
  const content = folio.clone("marks");

  if (page && tools && content) {
    const slug = page.dataset.slug;
    const title = page.querySelector("h1").textContent.trim();
    if (folio.marks(slug).size && folio.all().titles?.[slug] !== title) folio.entitle({ [slug]: title });
    const buttons = [...content.querySelectorAll("[data-mark]")];
    const show = () => {
      for (const button of buttons) button.setAttribute("aria-pressed", String(folio.marks(slug).has(button.dataset.mark)));
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        folio.mark(slug, button.dataset.mark, button.getAttribute("aria-pressed") !== "true", title);
        show();
      });
    }
    tools.append(content);
    show();
  }

  for (const card of document.querySelectorAll(".card[data-slug]")) {
    const marks = folio.marks(card.dataset.slug);
    const labels = marks.size ? folio.clone("mark-label") : null;
    if (!labels) continue;
    for (const kind of kinds) if (!marks.has(kind)) labels.querySelector(`[data-${kind}]`).remove();
    card.querySelector(".card-facts").append(" ", labels);
  }
}
