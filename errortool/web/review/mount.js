/** Returns what Streamlit calls as a page appears and whenever it runs again. */
export function mount(Page) {
  const mounted = new WeakMap();
  return function ({ parentElement, data, setTriggerValue }) {
    const known = mounted.get(parentElement);
    if (known && known.uid === data.uid) {
      clearTimeout(known.closing);
      known.page.update(data);
    } else {
      known?.page.close();
      mounted.set(parentElement, { page: new Page(parentElement, data, setTriggerValue), uid: data.uid });
    }
    return () => {
      // A rerun cleans up and calls again at once; only when it doesn't is the page gone.
      const leaving = mounted.get(parentElement);
      leaving.closing = setTimeout(() => {
        leaving.page.close();
        mounted.delete(parentElement);
      }, 0);
    };
  };
}
