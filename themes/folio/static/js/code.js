// Copy buttons. Touches figure.code, except program output.
for (const figure of document.querySelectorAll(".code:not(.code-output)")) {
  const content = folio.clone("copy");
  const source = figure.querySelector("code");
  if (!content || !source) continue;
  const button = content.firstElementChild;
  button.dataset.state = "idle";

  // Removed lines are not copied; of a console session only what was typed, without its prompt.
  const text = () => {
    const lines = source.querySelectorAll(".line");
    const kept = lines.length
      ? [...lines].filter((line) => !line.classList.contains("del")).map((line) => line.textContent).join("\n")
      : source.textContent;
    const plain = kept.replace(/\n+$/, "");
    if (!["console", "shell-session"].includes(figure.dataset.language)) return plain;
    const typed = plain.split("\n").filter((line) => /^[$#>] /.test(line)).map((line) => line.slice(2));
    return typed.length ? typed.join("\n") : plain;
  };

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.dataset.state = "done";
      folio.announce(button.dataset.copied);
      setTimeout(() => { button.dataset.state = "idle"; }, 2000);
    } catch (refused) {
      folio.announce(button.dataset.failed);
    }
  });
  figure.append(button);
}
