// The reader's own progress over the matrix. Touches links with data-slugs, #matrix-sum and numbers with
// data-filtered, which need a script to lead to their questions.
{
  for (const number of document.querySelectorAll("[data-filtered]")) {
    const link = document.createElement("a");
    link.href = number.dataset.filtered;
    link.textContent = number.textContent;
    link.setAttribute("aria-label", number.dataset.label);
    number.replaceWith(link);
  }

  const cells = document.querySelectorAll(".matrix [data-slugs]");
  const sum = document.getElementById("matrix-sum");
  if (sum && cells.length) {
    const seen = new Set();
    const all = new Set();
    for (const cell of cells) {
      const slugs = cell.dataset.slugs.split(" ");
      const read = slugs.filter((slug) => folio.marks(slug).has("read"));
      for (const slug of slugs) all.add(slug);
      for (const slug of read) seen.add(slug);
      if (!read.length) continue;
      const note = folio.clone("matrix");
      note.querySelector("[data-read]").textContent = read.length;
      cell.after(note);
      cell.closest("td").dataset.progress = read.length === slugs.length ? "all" : "some";
    }
    const words = document.getElementById("matrix-template").dataset.sum;
    if (seen.size) sum.textContent = words.replace("{read}", seen.size).replace("{n}", all.size);
  }
}
