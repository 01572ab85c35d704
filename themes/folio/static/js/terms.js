// Shows what a term means beside it: under the pointer, on focus, at the first tap. Touches a.term and the element each names.
{
  const content = folio.clone("term");
  if (content && document.querySelector("a.term")) {
    const GAP = 6;
    const card = content.firstElementChild;
    const meaning = card.querySelector("[data-meaning]");
    let shown = null;
    let tapped = null;
    let waiting = 0;
    document.querySelector("main").append(card);

    const hide = () => {
      clearTimeout(waiting);
      shown = null;
      if (card.matches(":popover-open")) card.hidePopover();
    };

    // Below the term, or above it where the window ends; never beyond its sides.
    const place = (term) => {
      const box = term.getClientRects()[0];
      const { offsetWidth: width, offsetHeight: height } = card;
      const page = document.documentElement;
      const isAbove = box.bottom + GAP + height > page.clientHeight && box.top > height + GAP;
      card.style.top = `${scrollY + (isAbove ? box.top - height - GAP : box.bottom + GAP)}px`;
      card.style.left = `${scrollX + Math.max(16, Math.min(box.left, page.clientWidth - width - 16))}px`;
    };

    const show = (term) => {
      clearTimeout(waiting);
      if (shown === term) return;
      const means = document.getElementById(term.getAttribute("aria-describedby"));
      if (!means) return;
      hide();
      meaning.replaceChildren(...means.cloneNode(true).childNodes);
      shown = term;
      card.showPopover();
      place(term);
    };

    // The pointer may cross the gap and rest on the card; what has the focus keeps its card.
    const later = (act, delay) => {
      clearTimeout(waiting);
      waiting = setTimeout(act, delay);
    };
    const termOf = (event) => event.target instanceof Element && event.target.closest("a.term");

    addEventListener("pointerover", (event) => {
      if (event.pointerType !== "mouse") return;
      const term = termOf(event);
      if (term) later(() => show(term), shown ? 0 : 150);
      else if (card.contains(event.target)) clearTimeout(waiting);
      else if (shown && shown !== document.activeElement) later(hide, 250);
      else if (!shown) clearTimeout(waiting);
    });
    addEventListener("focusin", (event) => {
      const term = termOf(event);
      if (term) show(term);
      else hide();
    });
    addEventListener("focusout", (event) => { if (termOf(event)) hide(); });
    addEventListener("pointerdown", (event) => {
      const term = termOf(event);
      tapped = term && event.pointerType !== "mouse" && term !== shown ? term : null;
      if (!term && !card.contains(event.target)) hide();
    });
    addEventListener("click", (event) => {
      if (!tapped || termOf(event) !== tapped) return;
      event.preventDefault();
      show(tapped);
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    addEventListener("resize", hide);
  }
}
