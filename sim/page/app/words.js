// What the page is told, and texts of one language; what it lacks is said in English.
export const told = JSON.parse(document.getElementById("told").textContent);

export function speaker(texts, english) {
  const say = (key, blanks = {}) => (texts[key] ?? english[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
  say.name_ = (kind, name) => (texts.names[kind][name] ?? english.names[kind][name] ?? [name])[0];
  say.unit = (kind, name) => (texts.names[kind][name] ?? english.names[kind][name] ?? [])[1] ?? "";
  say.about = (kind, name) => (texts.names[kind][name] ?? english.names[kind][name] ?? [])[2] ?? "";
  const titled = (text) => text.replaceAll(" de el ", " del ").replaceAll(" a el ", " al ").replace(/^./, (first) => first.toUpperCase());
  say.event = (kind, cause, blanks) => {
    const events = texts.events ?? english.events, [, how = cause] = / (\w+)$/.exec(cause) ?? [], rank = cause.startsWith("lieutenant");
    const text = events[kind === "removal" && rank ? "removal_lieutenant" : `${kind}_${how}`] ?? events[kind] ?? kind;
    return titled(text.replace(/\{(\w+)\}/g, (_, name) => (name === "how" ? (texts.manners ?? english.manners)[how] ?? how : blanks[name] ?? "")));
  };
  say.tells = (kind) => kind in (texts.events ?? english.events);
  say.story = (key, blanks) => (texts.story ?? english.story)[key].replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
  say.named = (name) => { const articles = texts.articles ?? english.articles, article = articles[name.split(" ", 1)[0]] ?? articles[""]; return article ? `${article} ${name}` : name; };
  say.month = (when) => `${(texts.months ?? english.months)[when.getUTCMonth()]} ${when.getUTCFullYear()}`;
  return say;
}

const FORMATS = []; // by digits: one takes longer to make than to use a hundred times

/** 1,234.5 as in Mexico and the United States alike, with a true minus. */
export function number(x, digits = 0) {
  FORMATS[digits] ??= new Intl.NumberFormat("en-US", {minimumFractionDigits: digits, maximumFractionDigits: digits});
  return FORMATS[digits].format(x).replace("-", "−");
}

/** Three figures at most: no more is known. */
export function rough(x) {
  const size = Math.abs(x);
  if (size >= 1000) { const unit = 10 ** (Math.floor(Math.log10(size)) - 2); return number(Math.round(x / unit) * unit); }
  return size === 0 ? "0" : number(x, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export const signed = (text) => (text.startsWith("−") || /^[0.]+( |$)/.test(text) ? text : `+${text}`);

/** An amount in a unit; dollars as people say them. */
export const amount = (x, unit, say) => (unit === "US$" && x !== 0 ? `${x < 0 ? "−" : ""}${dollars(x, say)}` : rough(x));

/** US$ 325 m, US$ 1.25 bn, by the words of the language. */
export function dollars(usd, say) {
  const size = Math.abs(usd);
  return `US$ ${size >= 1e9 ? say("billions", {amount: number(size / 1e9, 2)}) : say("millions", {amount: number(size / 1e6, size < 1e7 ? 1 : 0)})}`;
}
