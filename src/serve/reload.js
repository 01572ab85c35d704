// Reloads the page after a rebuild and shows mistakes over it. Touches: one dialog of its own, `#askbook-problems`.
{
  // A worker of a site that was published at this address would show its own pages.
  navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));

  const place = `askbook.scroll:${location.pathname}`;
  const kept = Number(sessionStorage.getItem(place));
  if (kept) {
    sessionStorage.removeItem(place);
    addEventListener("load", () => scrollTo(0, kept), { once: true });
  }

  let known = document.querySelector('meta[name="askbook-served"]').content;
  const changes = new EventSource("/__askbook/changes");
  changes.addEventListener("message", async ({ data }) => {
    const isNews = known !== data;
    known = data;
    const problems = await (await fetch("/__askbook/problems")).text();
    show(problems);
    if (isNews && !problems) {
      sessionStorage.setItem(place, String(scrollY));
      location.reload();
    }
  });

  function show(problems) {
    document.getElementById("askbook-problems")?.remove();
    if (!problems) return;
    const dialog = document.createElement("dialog");
    dialog.id = "askbook-problems";
    const heading = document.createElement("h1");
    heading.textContent = "The guide has mistakes";
    const text = document.createElement("pre");
    text.tabIndex = 0;
    text.textContent = problems;
    const close = document.createElement("button");
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.remove());
    dialog.append(heading, text, close);
    document.body.append(dialog);
    dialog.showModal();
  }
}
