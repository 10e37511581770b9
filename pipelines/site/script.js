// Draws the charts, answers the month and the filters, remembers language and colours. Text enters as text only.
(() => {
  const root = document.documentElement;
  const page = JSON.parse(document.getElementById("page").textContent);
  const byId = (id) => document.getElementById(id);
  const make = (tag, text, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), attributes);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const kept = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
                 set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private windows keep nothing */ } } };
  const inLanguage = (en, es) => (root.dataset.language === "es" ? es : en);

  // Charts ---------------------------------------------------------------------------------------------------------
  const colours = () => {
    const style = getComputedStyle(root);
    const of = (name) => style.getPropertyValue(name).trim();
    const axis = { labelColor: of("--soft"), titleColor: of("--soft"), gridColor: of("--line"), domainColor: of("--line"), tickColor: of("--line"),
                   labelFont: "system-ui", titleFont: "system-ui", titleFontWeight: "normal", labelFontSize: 11, titleFontSize: 11, gridOpacity: 0.6 };
    return { background: "transparent", view: { stroke: null }, axis, legend: { labelColor: of("--soft"), titleColor: of("--soft"), labelFont: "system-ui", titleFont: "system-ui" }, aria: false };
  };
  const views = new Map();
  const draw = async (place) => {
    const spec = structuredClone(page.charts[place.dataset.chart]);
    const drawn = document.createElement("div");
    drawn.style.width = "100%";
    drawn.setAttribute("aria-hidden", "true"); // the place itself has the words
    const measured = place.clientWidth;
    place.replaceChildren(drawn);
    if (spec.width === "container") spec.width = Math.max(measured, 260);
    const dark = root.dataset.theme === "dark";
    const { view } = await vegaEmbed(drawn, spec, { renderer: "svg", actions: false, config: colours(), tooltip: { theme: dark ? "dark" : "light" } });
    views.get(place)?.finalize();
    views.set(place, view);
    place.dataset.drawn = "yes";
    view.addEventListener("click", (_event, item) => {
      const month = item?.datum?.month;
      if (month === undefined) return;
      const day = new Date(month);
      show(`${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}`);
      byId("month").scrollIntoView({ block: "nearest" });
    });
  };
  const drawAll = () => Promise.all([...document.querySelectorAll("[data-chart]")].map(draw));
  let width = innerWidth;
  let waiting;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 150);
  });

  // The statements of a month ---------------------------------------------------------------------------------------
  const months = [...new Set(page.statements.map((each) => each.month))].sort();
  const which = byId("which");
  const nameOf = (month) => new Intl.DateTimeFormat(inLanguage("en", "es"), { month: "long", year: "numeric" })
    .format(new Date(Number(month.slice(0, 4)), Number(month.slice(5)) - 1, 1));
  const fill = () => {
    const chosen = which.value || months.at(-1);
    which.replaceChildren(...months.map((month) => make("option", nameOf(month), { value: month })));
    which.value = chosen;
  };
  const levels = { en: ["none", "criticism", "accusation", "threat", "threat of force"], es: ["ninguna", "crítica", "acusación", "amenaza", "amenaza de fuerza"] };
  const show = (month) => {
    const there = months.includes(month);
    if (there) which.value = month;
    byId("earlier").disabled = months.indexOf(month) <= 0;
    byId("later").disabled = months.indexOf(month) === months.length - 1;
    const found = page.statements.filter((each) => each.month === month);
    byId("said").replaceChildren(...(found.length ? found.map(told) :
      [make("li", inLanguage(`No directed statement is held of ${nameOf(month)}.`, `No hay declaraciones dirigidas de ${nameOf(month)}.`))]));
  };
  const told = (each) => {
    const item = make("li", undefined, { className: each.direction === "US>MX" ? "us" : "mx" });
    const hostility = inLanguage("hostility", "hostilidad");
    item.append(make("strong", each.speaker || inLanguage("speaker not named", "sin nombre")), make("span", ` · ${each.date} · ${each.direction.replace(">", " → ")}`));
    if (each.excerpt) item.append(make("q", `“${each.excerpt.replace(/^[“”"«\s]+|[“”"»\s]+$/g, "")}”`));
    else item.append(make("small", `${inLanguage("the words that decided", "las palabras que decidieron")}: ${each.terms}`));
    item.append(make("small", `${hostility} ${each.hostility} (${levels[root.dataset.language][each.hostility]})${each.themes ? ` · ${each.themes}` : ""}`));
    const source = make("small");
    if (each.url) source.append(make("a", each.title || inLanguage("source", "fuente"), { href: each.url, rel: "noopener noreferrer" }));
    else if (each.title) source.append(each.title);
    source.append(` · ${each.statement_id}`);
    item.append(source);
    return item;
  };
  const step = (by) => show(months[months.indexOf(which.value) + by]);
  which.addEventListener("change", () => show(which.value));
  byId("earlier").addEventListener("click", () => step(-1));
  byId("later").addEventListener("click", () => step(1));

  // The claims and their filters ------------------------------------------------------------------------------------
  const filters = [...document.querySelectorAll("[data-filter]")];
  const ledger = document.querySelector("#claims tbody");
  const every = () => inLanguage("all", "todos");
  const fillFilters = () => filters.forEach((filter) => {
    const chosen = filter.value;
    const values = [...new Set(page.claims.map((claim) => claim[filter.dataset.filter]))].sort();
    filter.replaceChildren(make("option", every(), { value: "" }), ...values.map((value) => make("option", value, { value })));
    filter.value = chosen;
  });
  const filterClaims = () => {
    if (!ledger) return;
    const wanted = filters.filter((filter) => filter.value);
    const rows = [...ledger.rows];
    let count = 0;
    page.claims.forEach((claim, place) => {
      const is = wanted.every((filter) => String(claim[filter.dataset.filter]) === filter.value);
      rows[place].hidden = !is;
      count += is;
    });
    byId("counted").textContent = inLanguage(`${count} of ${page.claims.length} claims`, `${count} de ${page.claims.length} afirmaciones`);
  };
  filters.forEach((filter) => filter.addEventListener("change", filterClaims));

  // Language, colours, citation --------------------------------------------------------------------------------------
  const speak = (language) => {
    root.dataset.language = root.lang = language;
    byId("language").textContent = language === "es" ? "English" : "Español";
    byId("language").setAttribute("aria-pressed", String(language === "es"));
    fill();
    show(which.value);
    fillFilters();
    filterClaims();
  };
  const paint = (theme) => {
    root.dataset.theme = theme;
    byId("theme").setAttribute("aria-pressed", String(theme === "dark"));
  };
  byId("language").addEventListener("click", () => { speak(inLanguage("es", "en")); kept.set("language", root.dataset.language); });
  byId("theme").addEventListener("click", () => { paint(root.dataset.theme === "dark" ? "light" : "dark"); kept.set("theme", root.dataset.theme); drawAll(); });
  byId("copy").addEventListener("click", () => navigator.clipboard?.writeText(document.querySelector(".citation").textContent));
  // Age grows after the page was written: what is stale by now says so.
  document.querySelectorAll("#status tbody tr").forEach((row, place) => {
    const { newest, stale_after_days: limit } = page.held[place];
    if (newest && limit && Date.now() - Date.parse(newest) > limit * 864e5) row.classList.add("stale");
  });

  paint(kept.get("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  speak(kept.get("language") ?? (navigator.language.startsWith("es") ? "es" : "en"));
  drawAll().then(() => { root.dataset.ready = "yes"; });
})();
