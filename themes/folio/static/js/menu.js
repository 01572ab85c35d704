// The menu of narrow screens: copies of the main navigation and of the sidebar, in a dialog.
{
  const opener = document.querySelector('[data-opens="menu"]');
  const content = folio.clone("menu");
  if (opener && content) {
    const dialog = content.firstElementChild;
    const place = dialog.querySelector("[data-menu]");
    for (const nav of document.querySelectorAll(".site-nav, .page > .sidebar")) place.append(nav.cloneNode(true));
    folio.dialog(opener, dialog);
  }

  // The sidebar opens where the reader is.
  const sidebar = document.querySelector(".page > .sidebar");
  const here = sidebar && sidebar.querySelector('[aria-current="page"]');
  if (here) sidebar.scrollTop = here.offsetTop - sidebar.clientHeight / 3;
}
