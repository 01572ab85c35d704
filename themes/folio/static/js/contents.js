// Marks the section being read in the contents. Touches .outline links and the drop-down of narrow screens.
{
  const links = [...document.querySelectorAll(".contents-rail .outline a, .contents-drop .outline a")];
  const drop = document.querySelector(".contents-drop");
  const now = drop && drop.querySelector(".contents-drop-current");
  const targets = new Map();
  for (const link of links) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) targets.set(target, [...(targets.get(target) || []), link]);
  }
  const places = [...targets.keys()].sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1));

  let current = null;
  const spy = () => {
    const line = innerHeight * 0.3;
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const passed = places.filter((place) => place.getClientRects().length && place.getBoundingClientRect().top < line);
    const next = (atEnd && scrollY > 0 ? places : passed).at(-1) || null;
    if (next === current) return;
    for (const link of targets.get(current) || []) link.removeAttribute("aria-current");
    for (const link of targets.get(next) || []) {
      link.setAttribute("aria-current", "true");
      const rail = link.closest(".contents-rail");
      if (rail && rail.scrollHeight > rail.clientHeight) rail.scrollTop = link.offsetTop - rail.clientHeight / 2;
    }
    if (now) now.textContent = next ? targets.get(next)[0].textContent : "";
    current = next;
  };

  if (places.length) {
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        spy();
      });
    }, { passive: true });
    spy();
  }

  if (drop) {
    drop.addEventListener("click", (event) => { if (event.target.closest("a")) drop.open = false; });
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drop.open) return;
      drop.open = false;
      drop.querySelector("summary").focus();
    });
    addEventListener("click", (event) => { if (drop.open && !drop.contains(event.target)) drop.open = false; });
  }
}
