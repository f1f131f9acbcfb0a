// Keeps what is being typed in this window until it is saved, and says when it cannot be. Pages work without it.
"use strict";

const PREFIX = "draft:";
const SENT = "sent";
const store = window.sessionStorage;
const person = document.body.dataset.person || "";
const keyOf = (form) => `${PREFIX}${person}:${window.location.pathname}${form.dataset.draft}`;
const isKept = (field) => field.name && !["hidden", "password", "submit"].includes(field.type);

function drafts() {
  return Object.keys(store).filter((key) => key.startsWith(PREFIX));
}

function say(form, what, shown) {
  const note = form.querySelector(`[data-say="${what}"]`);
  if (note) note.hidden = !shown;
}

// What a field holds: a box of several by the same name is told by its value, and holds whether it is ticked.
const isBox = (field) => field.type === "checkbox";
const nameOf = (field) => (isBox(field) ? `${field.name}=${field.value}` : field.name);
const typedIn = (field) => (isBox(field) ? (field.checked ? "yes" : "") : field.value);

function keep(form) {
  const typed = {};
  for (const field of form.elements) if (isKept(field)) typed[nameOf(field)] = typedIn(field);
  store.setItem(keyOf(form), JSON.stringify(typed));
}

// A row of which the draft has more than the page: the last one again, with the next number.
function addRow(rows) {
  const last = [...rows.querySelectorAll(".row")].pop();
  const number = Number(last.dataset.row);
  const html = last.outerHTML
    .replaceAll(`${rows.dataset.rows}.${number}.`, `${rows.dataset.rows}.${number + 1}.`)
    .replaceAll(`${rows.dataset.rows}-${number}-`, `${rows.dataset.rows}-${number + 1}-`)
    .replace(`data-row="${number}"`, `data-row="${number + 1}"`);
  last.insertAdjacentHTML("afterend", html);
  window.htmx?.process(last.nextElementSibling);
}

function fieldNamed(form, name) {
  const [start, number] = name.split(".");
  const rows = [...form.querySelectorAll("[data-rows]")].find((one) => one.dataset.rows === start);
  for (let more = 0; more < 200 && rows && !form.elements[name] && /^\d+$/.test(number); more += 1) addRow(rows);
  return form.elements[name];
}

function restore(form) {
  const kept = JSON.parse(store.getItem(keyOf(form)) || "{}");
  const boxes = new Map([...form.elements].filter(isBox).map((field) => [nameOf(field), field]));
  let changed = false;
  for (const [name, text] of Object.entries(kept)) {
    const field = boxes.get(name) || (text || form.elements[name] ? fieldNamed(form, name) : null);
    if (!field || !isKept(field) || typedIn(field) === text) continue;
    if (isBox(field)) field.checked = text === "yes";
    else field.value = text;
    changed = true;
  }
  say(form, "restored", changed);
}

async function reached(form) {
  try {
    await fetch(form.dataset.probe, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) });
    return true;
  } catch {
    return false;
  }
}

async function send(event) {
  const form = event.currentTarget;
  if (form.dataset.reached) return;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "yes";
  const there = await reached(form);
  delete form.dataset.asking;
  say(form, "offline", !there);
  if (!there) return;
  form.dataset.reached = "yes";
  store.setItem(SENT, keyOf(form));
  form.requestSubmit(event.submitter);
}

function mark(form) {
  for (const said of form.querySelectorAll(".said")) {
    const field = document.getElementById(said.id.replace(/-said$/, ""));
    if (!field) continue;
    if (said.childElementCount) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    field.closest(".field")?.classList.toggle("wrong", said.childElementCount > 0);
  }
}

function begin(form) {
  if (form.dataset.typed) keep(form);
  else restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("change", () => keep(form));
  form.addEventListener("submit", send);
  form.addEventListener("htmx:sendError", () => say(form, "offline", true));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    say(form, "offline", false);
    mark(form);
  });
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    store.removeItem(keyOf(form));
    window.location.reload();
  });
}

// What was sent is saved where the next page says so; what belongs to somebody else does not stay.
if (document.querySelector("[data-saved]")) store.removeItem(store.getItem(SENT) || "");
store.removeItem(SENT);
if (person) for (const key of drafts()) if (!key.startsWith(`${PREFIX}${person}:`)) store.removeItem(key);
for (const form of document.querySelectorAll("form[data-log-out]")) {
  form.addEventListener("submit", () => drafts().forEach((key) => store.removeItem(key)));
}
document.querySelectorAll("form[data-draft]").forEach(begin);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-draft]").forEach((form) => delete form.dataset.reached);
});
