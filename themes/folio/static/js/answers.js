// Folding of answers and of hints. Touches .fold, .hint, #answer-tools and the heading of the follow-ups.
{
  const folds = [...document.querySelectorAll(".fold")];
  const hints = [...document.querySelectorAll(".hint")];

  // A pair of words on one button: it folds as long as anything is open, and else opens everything. The details say what
  // is open, for their `toggle` comes a moment later, and the next press may come before it.
  const toggleAll = (button, details) => {
    const areOpen = () => details.some((one) => one.open);
    const offer = () => { button.dataset.state = areOpen() ? "fold" : "open"; };
    button.addEventListener("click", () => {
      const open = !areOpen();
      for (const one of details) one.open = open;
      offer();
    });
    for (const one of details) one.addEventListener("toggle", offer);
    offer();
  };

  const reveal = () => {
    const target = folio.target();
    if (!target) return;
    const part = target.closest(".part");
    const inside = [...(part ? part.querySelectorAll(".fold") : [])];
    for (const one of [...inside, target.closest("details")]) if (one) one.open = true;
  };
  const follow = () => {
    const open = folio.setting("answers") !== "folded";
    for (const one of folds) {
      one.open = open;
      one.dataset.ready = "";
    }
    reveal();
  };

  if (folds.length) {
    follow();
    document.addEventListener("folio:setting", (event) => { if (event.detail.name === "answers") follow(); });
    addEventListener("hashchange", reveal);

    // The browser prints what is open; what printing opened is closed again.
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...folds, ...hints].filter((one) => !one.open);
      for (const one of opened) one.open = true;
    });
    addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
  }

  const tools = document.getElementById("answer-tools");
  const answers = folio.clone("answers");
  if (tools && answers && folds.length) {
    const button = answers.querySelector("button");
    tools.append(answers);
    toggleAll(button, folds);
  }

  const heading = document.querySelector(".part-follow-ups .heading");
  const all = folio.clone("hints");
  if (heading && all && hints.length > 1) {
    const button = all.firstElementChild;
    heading.append(button);
    toggleAll(button, hints);
  }
}
