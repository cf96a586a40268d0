// What the values of a SCORM data model may be; the server checks the same by the same names (elements/kinds.py).
const NUMBER = /^-?(?:\d{1,10}(?:\.\d{0,20})?|\.\d{1,20})$/;
const INTERVAL =
  /^P(?=\d|T\d)(?:\d{1,8}Y)?(?:\d{1,8}M)?(?:\d{1,8}D)?(?:T(?=\d)(?:\d{1,8}H)?(?:\d{1,8}M)?(?:\d{1,8}(?:\.\d{1,2})?S)?)?$/;
const MOMENT =
  /^(19[7-9]\d|20[0-2]\d|203[0-8])(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:\.\d{1,2}(?:Z|[+-](?:[01]\d|2[0-3])(?::[0-5]\d)?)?)?)?)?)?)?)?$/;
const LANGUAGE = /^(?:[A-Za-z]{2,3}|[ix])(?:-[A-Za-z0-9]{1,8})*$/;
const URN = /^urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:\S+$/i;
const RANGED = ["number", "blank-or-number", "whole"];

// Characters as people count them: one outside the basic plane is one.
const fits = (value, longest) => value.length <= longest || [...value].length <= longest;

function isIdentifier(value, longest) {
  const isWord = value !== "" && fits(value, longest) && !/\s/.test(value);
  return isWord && (!value.toLowerCase().startsWith("urn:") || URN.test(value));
}

function isLocalized(value, longest) {
  if (!value.startsWith("{lang=")) return fits(value, longest);
  const end = value.indexOf("}");
  return end > 0 && LANGUAGE.test(value.slice(6, end)) && fits(value.slice(end + 1), longest);
}

function isMoment(value) {
  const found = MOMENT.exec(value);
  if (!found || !found[3]) return Boolean(found);
  return Number(found[3]) <= new Date(Date.UTC(Number(found[1]), Number(found[2]), 0)).getUTCDate();
}

const CHECKS = {
  text: fits,
  word: (value, longest) => /^[!-~]+$/.test(value) && fits(value, longest),
  identifier: isIdentifier,
  localized: isLocalized,
  one: (value, ...choices) => choices.includes(value),
  number: (value) => NUMBER.test(value),
  "blank-or-number": (value) => value === "" || NUMBER.test(value),
  whole: (value) => /^[+-]?[0-9]{1,3}$/.test(value),
  result: (value, ...choices) => choices.includes(value) || NUMBER.test(value),
  span: (value) => /^\d{2,4}:\d{2}:\d{2}(?:\.\d{1,2})?$/.test(value),
  time: (value) => /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,2})?$/.test(value),
  interval: (value) => INTERVAL.test(value),
  moment: isMoment,
  language: (value) => value === "" || (value.length <= 250 && LANGUAGE.test(value)),
  response: fits,
  pattern: fits,
  request: (value) =>
    /^(?:continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_|\{target=\S{1,4000}\}(?:choice|jump))$/.test(value),
};

export function isOfKind([name, ...given], value) {
  return CHECKS[name](value, ...given);
}

// Whether a value that is of the kind lies within its bounds, if it has any.
export function inRange([name, least, most], value) {
  if (!RANGED.includes(name) || value === "") return true;
  return (least === null || Number(value) >= least) && (most === null || Number(value) <= most);
}

// What learners answer, by the type of the question (SCORM 2004 RTE 4.2.9.2). Parts are separated by [,], [.] and [:].
const isShort = (value) => isIdentifier(value, 1000);
const parts = (value) => value.split("[,]");
const areDifferent = (list) => new Set(list).size === list.length;
const isNumberOrNone = (value) => value === "" || NUMBER.test(value);
const isPair = (value) => value.split("[.]").length === 2 && value.split("[.]").every(isShort);
const isStep = (value) => value.split("[.]").length === 2 && value !== "[.]" && fits(value, 1000);
const withoutSwitches = (value) => value.replace(/^(?:\{(?:case_matters|order_matters)=(?:true|false)\})+/, "");

const RESPONSES = {
  "true-false": (value) => value === "true" || value === "false",
  choice: (value) => value === "" || (parts(value).every(isShort) && areDifferent(parts(value))),
  "fill-in": (value) => parts(value).every((part) => isLocalized(part, 1000)),
  "long-fill-in": (value) => isLocalized(value, 16000),
  likert: isShort,
  matching: (value) => value === "" || parts(value).every(isPair),
  performance: (value) => parts(value).every(isStep),
  sequencing: (value) => parts(value).every(isShort),
  numeric: (value) => NUMBER.test(value),
  other: (value) => fits(value, 16000),
};

const PATTERNS = {
  ...RESPONSES,
  "fill-in": (value) => RESPONSES["fill-in"](withoutSwitches(value)),
  "long-fill-in": (value) => RESPONSES["long-fill-in"](withoutSwitches(value)),
  performance: (value) => RESPONSES.performance(withoutSwitches(value)),
  numeric(value) {
    const bounds = value.split("[:]");
    if (bounds.length !== 2 || !bounds.every(isNumberOrNone)) return false;
    return bounds.includes("") || Number(bounds[0]) <= Number(bounds[1]);
  },
};

export function isResponse(type, value) {
  return RESPONSES[type](value);
}

export function isPattern(type, value) {
  return PATTERNS[type](value);
}

// Of these there is one right answer; of the others each once (SCORM 2004 RTE 4.2.9.1).
export function mayBeAdded(type, value, others) {
  if (["true-false", "likert", "numeric", "other"].includes(type)) return others.length === 0;
  return !["choice", "sequencing", "matching"].includes(type) || !others.includes(value);
}
