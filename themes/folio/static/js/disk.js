// Opened from disk a folder has no index page: links name it. Touches links that are followed on file: addresses.
if (location.protocol === "file:") {
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }, true);
}
