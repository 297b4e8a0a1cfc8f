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

export function label(list, code) {
  return lists[list]?.[code] ?? code;
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", {
    maximumFractionDigits: digits,
  }).format(value);
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

export function dateText(iso) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat("vi-VN", {
    day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh",
  }).format(time);
}
