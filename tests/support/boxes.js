/**
 * Returns what is wrong with the texts on screen, a line each: cut, printed on another, or outside
 * the window. One that ends in "…" and has its whole text as a title isn't cut.
 */
() => {
  const TOLERANCE = 2; // pixels: letters reach a little out of their line
  const faults = [];
  const texts = [];

  const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;

  /** Whether a box is what scrolls the page as a whole: nobody wants to scroll that sideways. */
  const isPage = (box) => box.matches("html, body, [data-testid=stMain]");

  function ancestors(node) {
    const found = [];
    for (let at = parentOf(node); at; at = parentOf(at)) found.push(at);
    return found;
  }

  /** What of a rectangle is seen, given all boxes that clip it; whether one scrolls sideways. */
  function seen(rect, above) {
    let { left, right, top, bottom } = rect;
    let scrolls = false;
    for (const box of above) {
      const style = getComputedStyle(box);
      if (style.position === "fixed") break;
      const clips = [style.overflowX, style.overflowY].some((overflow) => overflow !== "visible");
      if (!clips) continue;
      const edge = box.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflowX) && !isPage(box)) scrolls = true;
      left = Math.max(left, edge.left);
      right = Math.min(right, edge.right);
      top = Math.max(top, edge.top);
      bottom = Math.min(bottom, edge.bottom);
    }
    return { left, right, top, bottom, width: right - left, height: bottom - top, scrolls };
  }

  function hidden(above) {
    return above.some((box) => {
      const style = getComputedStyle(box);
      const { width, height } = box.getBoundingClientRect();
      return (
        style.visibility === "hidden" ||
        style.opacity === "0" ||
        style.clipPath !== "none" ||
        box.getAttribute("aria-hidden") === "true" ||
        (box.tagName === "DETAILS" && !box.open && box.dataset.never !== undefined) ||
        (width <= 1 && height <= 1)
      );
    });
  }

  function walk(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.shadowRoot) walk(node.shadowRoot);
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      const above = ancestors(node);
      if (/^(STYLE|SCRIPT|NOSCRIPT|TITLE|OPTION)$/.test(above[0]?.tagName ?? "")) continue;
      if (hidden(above)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        if (rect.width < 1 || rect.height < 1) continue;
        texts.push({ text: node.data.trim().slice(0, 60), rect, above, seen: seen(rect, above) });
      }
    }
  }

  walk(document.documentElement);

  const dialog = [...document.querySelectorAll("*")]
    .flatMap((element) => [element, ...(element.shadowRoot?.querySelectorAll("*") ?? [])])
    .find((element) => element.matches("dialog[open]"));
  const relevant = texts.filter(({ above }) => !dialog || above.includes(dialog));

  for (const { text, rect, above, seen: part } of relevant) {
    const shortened = above.some(
      (box) => getComputedStyle(box).textOverflow === "ellipsis" && (box.title || box.closest("[title]")),
    );
    if (part.width <= 0 || part.height <= 0) continue; // scrolled out of its box
    if (!shortened && !part.scrolls && rect.width - part.width > TOLERANCE) faults.push(`cut: ${text}`);
    if (!part.scrolls && rect.right > innerWidth + TOLERANCE) faults.push(`outside the window: ${text}`);
  }

  const overlaps = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > TOLERANCE &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2 * TOLERANCE;
  const inView = relevant.filter(({ seen: part }) => part.width > 0 && part.height > 0);
  for (const [index, one] of inView.entries()) {
    for (const other of inView.slice(index + 1)) {
      if (one.above[0] === other.above[0] || !overlaps(one.seen, other.seen)) continue;
      // What lies under a sheet, a menu or a foot that stays in view isn't printed on it.
      const x = (Math.max(one.seen.left, other.seen.left) + Math.min(one.seen.right, other.seen.right)) / 2;
      const y = (Math.max(one.seen.top, other.seen.top) + Math.min(one.seen.bottom, other.seen.bottom)) / 2;
      const stack = document
        .elementsFromPoint(x, y)
        .flatMap((element) => element.shadowRoot?.elementsFromPoint(x, y) ?? [element]);
      const [first, second] = [one, other].map(({ above }) => stack.indexOf(above[0]));
      if (first < 0 || second < 0) continue;
      const between = stack.slice(Math.min(first, second), Math.max(first, second));
      const covered = between.some((element) => {
        const { backgroundColor } = getComputedStyle(element);
        return !/rgba\(.*, 0\)|transparent/.test(backgroundColor);
      });
      if (!covered) faults.push(`on each other: ${one.text} / ${other.text}`);
    }
  }
  const pages = [...document.querySelectorAll("*")].filter(isPage);
  for (const box of pages.filter((one) => one.scrollWidth > one.clientWidth + TOLERANCE)) {
    const wide = [...box.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + TOLERANCE);
    faults.push(`the page scrolls sideways: ${wide.at(-1)?.textContent.trim().slice(0, 60) ?? ""}`);
  }
  return [...new Set(faults)];
};
