// The data model of one item: what is in it, what may be read and set. Errors are named here, numbered by the API.
import { inRange, isOfKind, isPattern, isResponse, mayBeAdded } from "./kinds.js";

const PLACE = /\.(0|[1-9]\d{0,3})(?=\.|$)/g;
// The name in the table; what says n itself is none.
const pattern = (name) => (/\.n(\.|$)/.test(name) ? "" : name.replace(PLACE, ".n"));
const parent = (name) => name.slice(0, name.lastIndexOf("."));

export class Model {
  // table: as courses.packages.elements.model_for_player makes it; values: what is known; derived: status by rule.
  constructor(table, values, derived = {}) {
    this.table = table;
    this.values = new Map(Object.entries(values));
    this.derived = derived;
    this.changed = new Map();
    this.counts = new Map();
    for (const name of this.values.keys()) this.count(name);
    this.arrays = new Set();
    for (const name of Object.keys(table.elements)) {
      for (const found of name.matchAll(/\.n(?=\.)/g)) this.arrays.add(name.slice(0, found.index));
    }
  }

  count(name) {
    for (const found of name.matchAll(PLACE)) {
      const array = name.slice(0, found.index);
      this.counts.set(array, Math.max(this.size(array), Number(found[1]) + 1));
    }
  }

  size(array) {
    return this.counts.get(array) || 0;
  }

  // [value, error]; the error is "" where there is none.
  get(name) {
    const keyword = /^(.*)\.(_children|_count|_version)$/.exec(name);
    if (keyword) return this.keyword(keyword[1], keyword[2]);
    const element = this.table.elements[pattern(name)];
    if (!element) return ["", "unknown"];
    if (this.hole(name, 0)) return ["", "no such place"];
    if (!element.access.includes("r")) return ["", "write only"];
    const value = this.derived[name]?.(this.values) ?? this.values.get(name) ?? element.initial;
    return value === null || value === undefined ? ["", "not set"] : [value, ""];
  }

  keyword(name, word) {
    if (word === "_version") return name === "cmi" ? [this.table.version, ""] : ["", "unknown"];
    const [of, isArray] = [pattern(name), this.arrays.has(pattern(name))];
    const isKnown = of in this.table.elements || this.names(of).length > 0;
    if (!isKnown) return ["", "unknown"];
    if (this.hole(name, 0)) return ["", "no such place"];
    if (word === "_count") return isArray ? [String(this.size(name)), ""] : ["", "no count"];
    return this.table.parents.includes(of) ? [this.names(of).join(","), ""] : ["", "no children"];
  }

  // The names of what lies directly below, each once.
  names(of) {
    const below = this.arrays.has(of) ? `${of}.n.` : `${of}.`;
    const all = Object.keys(this.table.elements).filter((one) => one.startsWith(below));
    return [...new Set(all.map((one) => one.slice(below.length).split(".")[0]))];
  }

  // Whether the name leads to a place of an array that is not there; `ahead` places behind the last are allowed.
  hole(name, ahead) {
    return [...name.matchAll(PLACE)].some(
      (found) => Number(found[1]) >= this.size(name.slice(0, found.index)) + ahead,
    );
  }

  // The error; "" where the value is set.
  set(name, value) {
    if (/\._(children|count|version)$/.test(name)) return this.get(name)[1] === "unknown" ? "unknown" : "keyword";
    const element = this.table.elements[pattern(name)];
    if (!element) return "unknown";
    if (!element.access.includes("w")) return "read only";
    const error = this.placeError(name, element) || this.valueError(name, element, value);
    if (error) return error;
    this.values.set(name, value);
    this.changed.set(name, value);
    this.count(name);
    return "";
  }

  placeError(name, element) {
    if (this.hole(name, 1)) return "out of order";
    const numbers = [...name.matchAll(PLACE)];
    if (numbers.some((found) => Number(found[1]) >= this.table.longestArray)) return "out of order";
    if (!element.after) return "";
    const before = `${name.slice(0, numbers[0].index)}.${numbers[0][1]}.${element.after}`;
    return this.values.has(before) ? "" : "dependency";
  }

  valueError(name, element, value) {
    if (!isOfKind(element.kind, value)) return "type";
    if (!inRange(element.kind, value)) return "range";
    const type = this.values.get(`${name.split(".").slice(0, 3).join(".")}.type`);
    if (element.kind[0] === "response" && !isResponse(type, value)) return "type";
    if (element.kind[0] === "pattern") return this.patternError(name, type, value);
    return this.uniqueError(name, value);
  }

  patternError(name, type, value) {
    if (!isPattern(type, value)) return "type";
    const array = parent(parent(name));
    const others = [...Array(this.size(array)).keys()].map((place) => `${array}.${place}.pattern`);
    const said = others.filter((other) => other !== name).map((other) => this.values.get(other));
    return mayBeAdded(type, value, said) ? "" : "not unique";
  }

  uniqueError(name, value) {
    const known = this.values.get(name);
    if (this.table.writtenOnce?.includes(pattern(name)) && known !== undefined && known !== value) return "not unique";
    if (!this.table.unique?.includes(pattern(name))) return "";
    const array = parent(parent(name));
    const others = [...Array(this.size(array)).keys()].map((place) => `${array}.${place}.id`);
    return others.some((other) => other !== name && this.values.get(other) === value) ? "not unique" : "";
  }

  // What has changed since it was taken last, as an object.
  takeChanges() {
    const taken = Object.fromEntries(this.changed);
    this.changed.clear();
    return taken;
  }
}
