/* What a contact wrote and the network has not taken yet: kept in the phone, sent once, by the page or by its worker, whoever is first. */
(function (scope) {
  "use strict";
  var NAME = "dutydesk-reports";
  var STORE = "kept";

  function open() {
    return new Promise(function (resolve, reject) {
      var asked = scope.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore(STORE, { keyPath: "id" });
      };
      asked.onsuccess = function () {
        resolve(asked.result);
      };
      asked.onerror = function () {
        reject(asked.error);
      };
    });
  }

  /** One act on the kept ones; resolves with what it asked for, once it is durable. */
  function within(mode, act) {
    return open().then(function (base) {
      return new Promise(function (resolve, reject) {
        var work = base.transaction(STORE, mode);
        var asked = act(work.objectStore(STORE));
        work.oncomplete = function () {
          base.close();
          resolve(asked.result);
        };
        work.onerror = work.onabort = function () {
          base.close();
          reject(work.error);
        };
      });
    });
  }

  function all() {
    return within("readonly", function (kept) {
      return kept.getAll();
    }).then(function (found) {
      return found.sort(function (a, b) {
        return a.at - b.at;
      });
    });
  }

  function put(one) {
    return within("readwrite", function (kept) {
      return kept.put(one);
    });
  }

  function drop(id) {
    return within("readwrite", function (kept) {
      return kept.delete(id);
    });
  }

  function body(one) {
    var form = new FormData();
    Object.keys(one.fields).forEach(function (name) {
      form.append(name, one.fields[name]);
    });
    one.photos.forEach(function (photo, n) {
      form.append("photos", photo, n + 1 + ".jpg");
    });
    return form;
  }

  /** Send one; its form's number makes a second arrival the same report. Resolves with the state in which it is kept. */
  function send(one) {
    var options = { method: "POST", body: body(one), headers: { Accept: "application/json" }, credentials: "same-origin" };
    return fetch(one.url, options).then(
      function (answer) {
        return answer.json().then(
          function (said) {
            return settle(one, answer.status, said);
          },
          function () {
            return settle(one, answer.status, {});
          },
        );
      },
      function () {
        return put(Object.assign(one, { state: "waiting" }));
      },
    );
  }

  function settle(one, status, said) {
    if (status < 300) return put(Object.assign(one, { state: "sent", number: said.number || "", said: said.said, photos: [] }));
    var again = status >= 500 || status === 408 || status === 429;
    return put(Object.assign(one, { state: again ? "waiting" : "refused", said: said.error || String(status) }));
  }

  /** Send whatever waits, in the order in which it was written. */
  function flush() {
    return all().then(function (found) {
      return found
        .filter(function (one) {
          return one.state === "waiting" || one.state === "sending";
        })
        .reduce(function (before, one) {
          return before.then(function () {
            return send(one);
          });
        }, Promise.resolve());
    });
  }

  scope.Kept = { all: all, put: put, drop: drop, flush: flush };
})(self);
