// Answers queries beside the page, so that typing never waits. Touches no element.
let opening = null;

addEventListener("message", async ({ data }) => {
  const { id, core, root, query, options } = data;
  try {
    opening ??= import(core).then(({ openIndex }) => openIndex(root));
    const index = await opening;
    if (data.kind === "open") postMessage({ id, answer: index.facets });
    else if (data.kind === "prefetch") postMessage({ id, answer: await index.prefetch() });
    else postMessage({ id, answer: await index[data.kind === "peek" ? "peek" : "search"](query, options) });
  } catch (error) {
    opening = null;
    postMessage({ id, error: String(error) });
  }
});
