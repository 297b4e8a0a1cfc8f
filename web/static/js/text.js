// What the page says: texts of the catalogue, numbers and dates as the language writes them.

let texts = {};
let lists = {};
let language = "vi";

export function setTexts(configuration) {
  texts = configuration.text;
  lists = configuration.codeLists;
  language = configuration.language;
}

export const currentLanguage = () => language;

export function say(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

// What is counted, in the number that the language asks for.
export function noun(measure, count) {
  const isOne = count === 1;
  switch (measure) {
    case "victims": return isOne ? say("victims_one") : say("victims");
    case "outreach": return isOne ? say("outreach_one") : say("outreach");
    default: return isOne ? say("incidents_one") : say("incidents");
  }
}

export function label(list, code) {
  return lists[list]?.[code] ?? code;
}

// A formatter takes a quarter of a second to make on a slow machine, and is made once.
const formatters = new Map();

export function number(value, digits = 0) {
  if (!formatters.has(digits)) {
    const locale = language === "vi" ? "vi-VN" : "en-GB";
    formatters.set(digits, new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  }
  return formatters.get(digits).format(value);
}

// A count as it may be told: exact without a base, else a multiple of it, or few or none (null): less
// than `under` where that says something.
export function amount(value, base, under) {
  if (base === null) return number(value);
  if (value) return say("about", { count: number(value) });
  return under !== null && under < 3 * base ? say("small_under", { base: number(under) }) : say("small_few");
}

// Months are counted as year * 12 + month - 1 throughout, in Vietnamese time.
export function monthText(month) {
  return `${String((month % 12) + 1).padStart(2, "0")}/${Math.floor(month / 12)}`;
}

export function monthIso(month) {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

export function monthOf(iso) {
  const [year, month] = iso.split("-").map(Number);
  return year * 12 + month - 1;
}

// A day as it is written in Vietnam, where the clock is seven hours ahead of UTC all the year.
export function dateText(iso) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const local = iso.length > 10 ? new Date(time.getTime() + 7 * 3600_000) : time;
  return local.toISOString().slice(0, 10).split("-").reverse().join("/");
}

// A moment in Vietnamese time, to the minute.
export function timeText(iso) {
  const local = new Date(new Date(iso).getTime() + 7 * 3600_000).toISOString();
  return `${local.slice(11, 16)} ${dateText(local.slice(0, 10))}`;
}
