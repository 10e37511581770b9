// Draws the charts when they come into view, answers the month and the filters, remembers language and colours. Text
// enters as text only. A chart stands there drawn before any of this runs; what follows makes it fit, answer and translate.
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
  const inWords = (text) => inLanguage(text, page.words[text] ?? text);

  // Charts ---------------------------------------------------------------------------------------------------------
  const colours = () => {
    const style = getComputedStyle(root);
    const of = (name) => style.getPropertyValue(name).trim();
    const axis = { labelColor: of("--soft"), titleColor: of("--soft"), gridColor: of("--line"), domainColor: of("--line"), tickColor: of("--line"),
                   labelFont: "system-ui", titleFont: "system-ui", titleFontWeight: "normal", labelFontSize: 11, titleFontSize: 11, gridOpacity: 0.6 };
    return { background: "transparent", view: { stroke: null }, axis, text: { fill: of("--soft"), font: "system-ui" }, legend: { labelColor: of("--soft"), titleColor: of("--soft"), labelFont: "system-ui", titleFont: "system-ui" }, aria: false };
  };
  // What people read of a specification: its titles, its kinds in their order, and the words among its rows.
  const READ = new Set(["title", "domain", "sort"]);
  const translated = (node, key) => {
    if (typeof node === "string") return READ.has(key) ? inWords(node) : node;
    if (Array.isArray(node)) return node.map((each) => translated(each, key));
    if (node === null || typeof node !== "object") return node;
    const rows = key === "data" && node.values;
    if (rows) return { ...node, values: rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "string" ? inWords(value) : value]))) };
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, translated(value, name)]));
  };
  const spanish = {
    timeFormatLocale: { dateTime: "%A, %e de %B de %Y, %X", date: "%d/%m/%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
      days: ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"], shortDays: ["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
      months: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
      shortMonths: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"] },
  };
  // Vega is read only once the page stands: it is a third of the file, and nobody reads a chart before the first words.
  let vega;
  const ready = () => (vega ??= new Promise((resolve) => {
    const script = make("script", byId("vega").textContent, { type: "module" });
    script.textContent += "\ndispatchEvent(new Event('vega'));";
    addEventListener("vega", resolve, { once: true });
    document.head.append(script);
  }));
  const views = new Map();
  const draw = async (place) => {
    await ready();
    const spec = translated(page.charts[place.dataset.chart], "");
    const drawn = document.createElement("div");
    drawn.style.width = "100%";
    drawn.setAttribute("aria-hidden", "true"); // the place itself has the words
    const measured = place.clientWidth;
    place.replaceChildren(drawn);
    if (spec.width === "container") spec.width = Math.max(measured, 260);
    const dark = root.dataset.theme === "dark";
    const { view } = await vegaEmbed(drawn, spec, { renderer: "svg", actions: false, config: colours(), tooltip: { theme: dark ? "dark" : "light" }, ...inLanguage({}, spanish) });
    views.get(place)?.finalize();
    views.set(place, view);
    place.dataset.drawn = "yes";
    performance.mark("chart");
    view.addEventListener("click", (_event, item) => {
      const month = item?.datum?.month;
      if (month === undefined) return;
      const day = new Date(month);
      show(`${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}`);
      byId("month").scrollIntoView({ block: "nearest" });
    });
  };
  const places = [...document.querySelectorAll("[data-chart]")];
  const seen = new IntersectionObserver((entries) => entries.filter((each) => each.isIntersecting).forEach((each) => {
    seen.unobserve(each.target);
    draw(each.target);
  }), { rootMargin: "50% 0px" });
  const drawAll = () => places.forEach((place) => { place.dataset.drawn = "no"; seen.unobserve(place); seen.observe(place); });
  addEventListener("beforeprint", () => places.forEach((place) => { seen.unobserve(place); draw(place); }));
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
    document.querySelectorAll(".said").forEach((list) => {
      const ours = found.filter((each) => each.direction === list.dataset.direction);
      list.replaceChildren(...(ours.length ? ours.map(told) :
        [make("li", inLanguage(`No such statement is held of ${nameOf(month)}.`, `No hay ninguna disponible de ${nameOf(month)}.`))]));
    });
  };
  const told = (each) => {
    const item = make("li");
    const hostility = inLanguage("hostility", "hostilidad");
    item.append(make("strong", inWords(each.speaker)), make("span", ` · ${each.date}`));
    if (each.excerpt) item.append(make("q", `“${each.excerpt.replace(/^[“”"«\s]+|[“”"»\s]+$/g, "")}”`, { lang: each.language, className: "both" }));
    else item.append(make("small", `${inLanguage("the words that decided", "las palabras que decidieron")}: ${each.terms}`));
    item.append(make("small", [`${hostility} ${each.hostility} (${levels[root.dataset.language][each.hostility]})`, ...each.themes.map(inWords)].join(" · ")));
    const source = make("small");
    const named = { lang: each.language, className: "both" };
    if (each.url) source.append(make("a", each.title || inLanguage("source", "fuente"), { href: each.url, rel: "noopener noreferrer", ...named }));
    else if (each.title) source.append(make("cite", each.title, named));
    source.append(" ", make("code", each.statement_id));
    item.append(source);
    return item;
  };
  const step = (by) => show(months[months.indexOf(which.value) + by]);
  which.addEventListener("change", () => show(which.value));
  byId("earlier").addEventListener("click", () => step(-1));
  byId("later").addEventListener("click", () => step(1));

  // The claims and their filters ------------------------------------------------------------------------------------
  const filters = [...document.querySelectorAll("[data-filter]")];
  const ledger = document.querySelector("#claims_table tbody");
  const every = () => inLanguage("all", "todo");
  const fillFilters = () => filters.forEach((filter) => {
    const chosen = filter.value;
    const values = [...new Set(page.claims.map((claim) => claim[filter.dataset.filter]))].sort();
    filter.replaceChildren(make("option", every(), { value: "" }), ...values.map((value) => make("option", inWords(value), { value })));
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
    byId("language").lang = language === "es" ? "en" : "es";
    fill();
    show(which.value);
    fillFilters();
    filterClaims();
    age();
  };
  const paint = (theme) => {
    root.dataset.theme = theme;
    byId("theme").setAttribute("aria-pressed", String(theme === "dark"));
  };
  byId("language").addEventListener("click", () => { speak(inLanguage("es", "en")); kept.set("language", root.dataset.language); drawAll(); });
  byId("theme").addEventListener("click", () => { paint(root.dataset.theme === "dark" ? "light" : "dark"); kept.set("theme", root.dataset.theme); drawAll(); });
  byId("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(".citation").innerText);
    byId("copied").textContent = inLanguage("copied", "copiado");
  });
  // Age grows after the page was written: what is stale by now says so.
  const age = () => document.querySelectorAll("#status_table tbody tr").forEach((row, place) => {
    const { newest, stale_after_days: limit } = page.held[place];
    if (!newest || !limit) return;
    const days = Math.floor((Date.now() - Date.parse(newest)) / 864e5);
    row.classList.toggle("stale", days > limit);
    row.cells[row.cells.length - 1].textContent = days > limit ? inLanguage(`stale: ${days} days old, more than ${limit}`, `atrasada: ${days} días, más de ${limit}`)
      : inLanguage(`current: ${days} days old`, `al día: ${days} días`);
  });

  paint(kept.get("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  speak(kept.get("language") ?? (navigator.language.startsWith("es") ? "es" : "en"));
  const begin = () => { drawAll(); root.dataset.ready = "yes"; };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
})();
