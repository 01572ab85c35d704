// Fetches a page when the reader reaches for its link. Touches links inside the site.
{
  const seen = new Set([location.href.split("#")[0]]);
  const connection = navigator.connection;
  const thrifty = connection && (connection.saveData || /2g/.test(connection.effectiveType || ""));

  const fetchAhead = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || link.origin !== location.origin) return;
    const address = link.href.split("#")[0];
    if (seen.has(address)) return;
    seen.add(address);
    const hint = document.createElement("link");
    hint.rel = "prefetch";
    hint.href = address;
    document.head.append(hint);
  };

  if (!thrifty && location.protocol.startsWith("http")) {
    for (const type of ["pointerover", "focusin", "touchstart"]) addEventListener(type, fetchAhead, { passive: true });
  }
}
