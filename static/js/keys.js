// Keys for those who like them; every page works without this file.
// /: search   j, k: next row, row before   o: open   e: sentences   ?: help

const rows = () => [...document.querySelectorAll("[data-row]")];
const help = document.querySelector("[data-keys]");
let current = -1;

const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const go = (step) => {
  const all = rows();
  if (!all.length) return;
  all[current]?.classList.remove("is-cursor");
  current = Math.min(Math.max(current + step, 0), all.length - 1);
  all[current].classList.add("is-cursor");
  all[current].scrollIntoView({ block: "nearest" });
  all[current].querySelector("a")?.focus({ preventScroll: true });
};

const actions = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  o: () => rows()[current]?.querySelector("[data-open]")?.click(),
  e: () => rows()[current]?.querySelector("details > summary")?.click(),
  "?": () => (help?.open ? help.close() : help?.showModal()),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const action = actions[event.key];
  if (!action || (help?.open && event.key !== "?")) return;
  event.preventDefault();
  action();
});

// A page that asks for it is loaded anew while it is in sight and nobody is working in it.
const live = document.querySelector("[data-live]");
if (live) {
  setInterval(() => {
    if (!document.hidden && !document.activeElement?.closest("form")) location.reload();
  }, Number(live.dataset.live) * 1000);
}
