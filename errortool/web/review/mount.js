const pages = new WeakMap();

/** Streamlit calls this as the page appears and whenever it runs again. */
export default function ({ parentElement, data, setTriggerValue }) {
  const known = pages.get(parentElement);
  if (known && known.data.uid === data.uid) {
    clearTimeout(known.closing);
    known.update(data);
  } else {
    known?.close();
    pages.set(parentElement, new Page(parentElement, data, setTriggerValue));
  }
  return () => {
    // A rerun cleans up and calls again at once; only when it doesn't is the page gone.
    const page = pages.get(parentElement);
    page.closing = setTimeout(() => {
      page.close();
      pages.delete(parentElement);
    }, 0);
  };
}
