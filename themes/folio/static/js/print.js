// What a sheet of paper says of itself: the address, filters included, and the day. Touches [data-print-address] and [data-print-date].
addEventListener("beforeprint", () => {
  const address = document.querySelector("[data-print-address]");
  if (address && /[?&](?!in=)/.test(location.search)) address.textContent = address.textContent.split("?")[0] + location.search;
  const date = document.querySelector("[data-print-date]");
  if (!date) return;
  date.dataset.written ??= date.textContent;
  const today = new Date().toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  date.textContent = [date.dataset.written, date.dataset.words.replace("{date}", today)].filter(Boolean).join(" · ");
});
