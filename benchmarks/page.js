// Watches the page from inside, for `benchmarks.page`: when what was asked for is on the screen.
(() => {
  const frames = (count = 2) => new Promise((done) => (count ? requestAnimationFrame(() => frames(count - 1).then(done)) : done(performance.now())));
  const PATIENCE_MS = 20_000;
  const until = (is) => new Promise((done, fail) => {
    const began = performance.now();
    const look = () => (is() ? done() : performance.now() - began > PATIENCE_MS ? fail(new Error(`not yet: ${is}`)) : requestAnimationFrame(look));
    look();
  });
  const measured = (window.measured = { shown: 0 });
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (...given) {
    this.upload.addEventListener("load", () => sessionStorage.setItem("sent", String(Date.now())));
    return open.apply(this, given);
  };
  new MutationObserver(() => {
    if (document.documentElement?.dataset.ready && !measured.shown) frames().then(() => (measured.shown = Date.now()));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });

  measured.rest = () => new Promise((done) => setTimeout(done, 500));

  measured.ask = async (from, to) => {
    await measured.rest();
    const live = document.querySelector('[data-testid="live"]');
    const name = (id) => id.split("/")[2];
    const began = performance.now();
    location.hash = `from=${from}&to=${to}`;
    await until(() => live.textContent.startsWith(`${name(from)} to ${name(to)}:`));
    return (await frames(1)) - began;
  };

  measured.unfold = async (card) => {
    const canvas = document.querySelector(".canvas");
    const began = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "]", bubbles: true }));
    await until(() => !canvas.querySelector(`[data-node="${card}"]`) && !canvas.querySelector(".shifting"));
    return (await frames(1)) - began;
  };

  let watching = null;
  measured.watch = () => {
    const seen = { frames: 0, longest: 0, began: performance.now(), last: performance.now(), on: true };
    const observer = new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.longest = Math.max(seen.longest, task.duration);
    });
    observer.observe({ entryTypes: ["longtask"] });
    const count = () => {
      if (!seen.on) return;
      seen.frames += 1;
      seen.last = performance.now();
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    watching = { seen, observer };
  };
  measured.seen = () => {
    const { seen, observer } = watching;
    seen.on = false;
    observer.disconnect();
    return { frames: (seen.frames * 1000) / (seen.last - seen.began), longest: seen.longest };
  };

  const api = () => document.body.dataset.api;
  const post = (files) => fetch(`${api()}/drafts`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ files }) });
  /** The policies as the editor has them. */
  measured.files = async () => (await (await fetch(`${api()}/files`)).json()).files;
  measured.edit = async (files) => {
    await measured.rest();
    const began = performance.now();
    const { draft } = await (await post(files)).json();
    const changes = fetch(`${api()}/changes?limit=200&draft=${draft}`).then((answer) => answer.json());
    const picture = document.querySelector(".canvas .content");
    const old = picture.firstElementChild;
    location.hash = `draft=${draft}`;
    await Promise.all([changes, until(() => picture.firstElementChild !== old)]);
    return (await frames(1)) - began;
  };
})();
