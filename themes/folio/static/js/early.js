// Puts the reader's settings on <html> before the first paint. Nothing else; folio.js does the rest.
(function (root) {
  "use strict";
  root.classList.add("js");
  try {
    var kept = JSON.parse(localStorage.getItem("askbook.v1"));
    var settings = (kept && kept.settings) || {};
    ["theme", "size", "measure", "code", "answers"].forEach(function (name) {
      if (typeof settings[name] === "string") root.setAttribute("data-" + name, settings[name]);
    });
  } catch (blockedOrBroken) {
    // Storage is refused or holds something else: the page stands as it was written.
  }
})(document.documentElement);
