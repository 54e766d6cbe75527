/**
 * Says on every page that the server can't be reached, and that it can again.
 *
 * In place of Streamlit's dialog, which takes the keys, while images can be reviewed without the
 * server. It goes into the page as it is, before Streamlit starts.
 */
addEventListener("DOMContentLoaded", () => {
  const STATE = "data-test-connection-state";
  const PATIENCE = 2_000;
  const sign = document.createElement("p");
  sign.setAttribute("role", "alert");
  sign.style.cssText =
    "position: fixed; z-index: 1000000; inset: 0.375rem 0 auto; width: fit-content; max-width: 92vw; margin: 0 auto;" +
    "padding: 0.375rem 1rem; border-radius: 0.5rem; background: #7a1f1f; color: #fff; pointer-events: none;" +
    "font: 0.875rem/1.4 'Source Sans', sans-serif;";
  sign.hidden = true;
  document.body.append(sign);

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  new MutationObserver(() => {
    const connected = document.querySelector(`[${STATE}]`)?.getAttribute(STATE) === "CONNECTED";
    if (!connected) {
      timer ??= setTimeout(() => {
        sign.textContent = "The server can't be reached. This page goes on by itself when it is back.";
        sign.hidden = false;
      }, PATIENCE);
      return;
    }
    clearTimeout(timer);
    timer = undefined;
    sign.hidden = true;
    sign.textContent = "";
  }).observe(document.body, { subtree: true, attributeFilter: [STATE] });
});
