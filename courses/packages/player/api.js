// The two interfaces that packages look for in a window around them: API (SCORM 1.2) and API_1484_11 (SCORM 2004).

const CODES_12 = {
  unknown: 201, "no such place": 201, "out of order": 201, dependency: 201, "no children": 202, "no count": 203,
  "not unique": 402, keyword: 402, "read only": 403, "write only": 404, type: 405, range: 405, "not set": 0,
};
const CODES_2004_GET = {
  unknown: 401, "no such place": 301, "no children": 301, "no count": 301, "not set": 403, "write only": 405,
};
const CODES_2004_SET = {
  unknown: 401, "no such place": 351, "out of order": 351, "not unique": 351, keyword: 404, "read only": 404,
  type: 406, range: 407, dependency: 408,
};
const WORDS_12 = {
  0: "No error", 101: "General exception", 201: "Invalid argument error", 202: "Element cannot have children",
  203: "Element not an array: it cannot have a count", 301: "Not initialized", 401: "Not implemented error",
  402: "Invalid set value, element is a keyword", 403: "Element is read only", 404: "Element is write only",
  405: "Incorrect data type",
};
const WORDS_2004 = {
  0: "No error", 101: "General exception", 102: "General initialization failure", 103: "Already initialized",
  104: "Content instance terminated", 111: "General termination failure", 112: "Termination before initialization",
  113: "Termination after termination", 122: "Retrieve data before initialization",
  123: "Retrieve data after termination", 132: "Store data before initialization", 133: "Store data after termination",
  142: "Commit before initialization", 143: "Commit after termination", 201: "General argument error",
  301: "General get failure", 351: "General set failure", 391: "General commit failure",
  401: "Undefined data model element", 402: "Unimplemented data model element",
  403: "Data model element value not initialized", 404: "Data model element is read only",
  405: "Data model element is write only", 406: "Data model element type mismatch",
  407: "Data model element value out of range", 408: "Data model dependency not established",
};

// Keeps the state and the last error of a session; `answer` sets the error and says what a function returns.
class Session {
  constructor(words) {
    this.words = words;
    this.state = "before";
    this.error = 0;
    this.detail = "";
  }

  answer(error, value, detail = "") {
    this.error = error;
    this.detail = detail;
    return value;
  }

  support(names) {
    const [last, words, diagnostic] = names;
    return {
      [last]: () => String(this.error),
      [words]: (code) => this.words[String(code)] || "",
      [diagnostic]: (code) => {
        const asked = code === undefined || code === null || code === "" ? this.error : code;
        const detail = String(asked) === String(this.error) ? this.detail : "";
        return [this.words[String(asked)] || String(asked), detail].filter(Boolean).join(": ").slice(0, 255);
      },
    };
  }
}

const isNothing = (given) => given === undefined || given === null || String(given) === "";

export function api12(model, saving) {
  const session = new Session(WORDS_12);
  const isOpen = () => session.state === "open";
  return {
    LMSInitialize(given) {
      if (!isNothing(given)) return session.answer(201, "false");
      if (session.state !== "before") return session.answer(101, "false", "LMSInitialize was called before");
      session.state = "open";
      return session.answer(0, "true");
    },
    LMSFinish(given) {
      if (!isNothing(given)) return session.answer(201, "false");
      if (!isOpen()) return session.answer(301, "false");
      session.state = "ended";
      saving.finish();
      return session.answer(0, "true");
    },
    LMSGetValue(name) {
      if (!isOpen()) return session.answer(301, "");
      const [value, error] = model.get(String(name));
      return session.answer(error ? CODES_12[error] : 0, value, String(name));
    },
    LMSSetValue(name, value) {
      if (!isOpen()) return session.answer(301, "false");
      const error = model.set(String(name), String(value));
      if (!error) saving.soon();
      return session.answer(error ? CODES_12[error] : 0, error ? "false" : "true", String(name));
    },
    LMSCommit(given) {
      if (!isNothing(given)) return session.answer(201, "false");
      if (!isOpen()) return session.answer(301, "false");
      saving.now();
      return session.answer(0, "true");
    },
    ...session.support(["LMSGetLastError", "LMSGetErrorString", "LMSGetDiagnostic"]),
  };
}

export function api2004(model, saving) {
  const session = new Session(WORDS_2004);
  const refusal = (before, after) => ({ before, ended: after })[session.state];
  return {
    version: "1.0",
    Initialize(given) {
      const refused = { open: 103, ended: 104 }[session.state];
      if (refused) return session.answer(refused, "false");
      if (!isNothing(given)) return session.answer(201, "false");
      session.state = "open";
      return session.answer(0, "true");
    },
    Terminate(given) {
      const refused = refusal(112, 113);
      if (refused) return session.answer(refused, "false");
      if (!isNothing(given)) return session.answer(201, "false");
      session.state = "ended";
      saving.finish();
      return session.answer(0, "true");
    },
    GetValue(name) {
      const refused = refusal(122, 123);
      if (refused) return session.answer(refused, "");
      if (isNothing(name)) return session.answer(301, "", "No element was named");
      const validity = /^adl\.nav\.request_valid\.(choice|jump)\.\{target=\S+\}$/.test(String(name));
      const [value, error] = validity ? ["unknown", ""] : model.get(String(name));
      return session.answer(error ? CODES_2004_GET[error] : 0, value, String(name));
    },
    SetValue(name, value) {
      const refused = refusal(132, 133);
      if (refused) return session.answer(refused, "false");
      if (isNothing(name)) return session.answer(351, "false", "No element was named");
      const error = model.set(String(name), String(value));
      if (!error) saving.soon();
      return session.answer(error ? CODES_2004_SET[error] : 0, error ? "false" : "true", String(name));
    },
    Commit(given) {
      const refused = refusal(142, 143);
      if (refused) return session.answer(refused, "false");
      if (!isNothing(given)) return session.answer(201, "false");
      saving.now();
      return session.answer(0, "true");
    },
    ...session.support(["GetLastError", "GetErrorString", "GetDiagnostic"]),
  };
}
