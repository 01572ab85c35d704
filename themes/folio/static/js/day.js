// The question of the day, by the reader's own calendar. Touches #specimen of the home page.
{
  const place = document.getElementById("specimen");
  const content = place && folio.clone("days");
  if (content) {
    const now = new Date();
    const day = Math.floor(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 86_400_000);
    const label = document.getElementById("specimen-title");
    label.textContent = document.getElementById("days-template").dataset.label;
    place.replaceChildren(label, ...content.children[day % content.children.length].childNodes);
  }
}
