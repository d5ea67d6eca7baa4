// Waits for a look that a worker does, and shows its result; without this file the page loads itself anew.

const EVERY_MS = 1000;
const ANEW_MS = 20000; // the page has more to say when nobody takes the work up
const started = Date.now();

const ask = async () => {
  try {
    const answer = await fetch(`${location.pathname}?part=state`, { headers: { accept: "text/plain" } });
    const state = answer.ok ? (await answer.text()).trim() : "waiting";
    if (state === "done" || Date.now() - started > ANEW_MS) return location.reload();
  } catch {
    // the next try asks again
  }
  setTimeout(ask, EVERY_MS);
};

if (document.querySelector('[data-preview="waiting"]')) setTimeout(ask, EVERY_MS / 2);
