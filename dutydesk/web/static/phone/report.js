/* The reporting page with a script: nothing written is lost, photos are made small, what cannot be sent now is sent later. */
(function () {
  "use strict";
  var LARGE = 300000; // bytes: a smaller photo goes as it is
  var SIDE = 1600; // pixels of the longer side
  var AGAIN = 15000; // milliseconds between attempts while something waits
  var LOOK = 60000; // milliseconds between looks at what the desk asks
  var RECEIPTS = 2; // the newest stand above the box; the others are in the list that the desk makes
  var DRAFT = "dutydesk.report." + location.pathname;
  var form = document.getElementById("report");
  var kept = document.getElementById("kept");
  var box = document.getElementById("text");
  var busy = false;

  if (!form || !window.fetch || !window.indexedDB || !window.Promise) return;

  function number() {
    var drawn = crypto.getRandomValues(new Uint32Array(4));
    return Array.prototype.map
      .call(drawn, function (one) {
        return one.toString(16);
      })
      .join("");
  }

  // -- what is written is kept at every key

  function draft() {
    try {
      if (!box.value) box.value = localStorage.getItem(DRAFT) || "";
    } catch (_) {
      return; // a phone that keeps nothing still sends
    }
    box.addEventListener("input", function () {
      localStorage.setItem(DRAFT, box.value);
    });
  }

  // -- photos

  function smaller(photo) {
    if (photo.size < LARGE || !/^image\//.test(photo.type)) return Promise.resolve(photo);
    return picture(photo).then(
      function (seen) {
        var scale = Math.min(1, SIDE / Math.max(seen.width, seen.height));
        var paper = document.createElement("canvas");
        paper.width = Math.round(seen.width * scale);
        paper.height = Math.round(seen.height * scale);
        paper.getContext("2d").drawImage(seen, 0, 0, paper.width, paper.height);
        return new Promise(function (resolve) {
          paper.toBlob(
            function (made) {
              resolve(made && made.size < photo.size ? made : photo);
            },
            "image/jpeg",
            0.7,
          );
        });
      },
      function () {
        return photo; // a kind of picture this phone cannot draw
      },
    );
  }

  function picture(photo) {
    if (window.createImageBitmap) return createImageBitmap(photo);
    return Promise.reject(new Error("no bitmap"));
  }

  // -- sending

  function values(from) {
    var fields = {};
    Array.prototype.forEach.call(from.querySelectorAll("input[name], textarea[name]"), function (one) {
      if (one.type !== "file" && one.value) fields[one.name] = one.value;
    });
    fields.form = number();
    return fields;
  }

  function write(event) {
    event.preventDefault();
    var photos = Array.prototype.slice.call(document.getElementById("photos").files);
    if (!box.value.trim() && !photos.length) return box.focus();
    var fields = values(form);
    keep(fields, photos.map(smaller));
    form.reset();
    form.querySelector("[name=position]").value = "";
    localStorage.removeItem(DRAFT);
    scrollTo(0, 0);
  }

  function answer(event) {
    event.preventDefault();
    var fields = values(event.target);
    event.target.hidden = true;
    keep(fields, []);
  }

  function keep(fields, made) {
    Promise.all(made)
      .then(function (photos) {
        return Kept.put({ id: fields.form, at: Date.now(), url: location.pathname, fields: fields, photos: photos, state: "sending" });
      })
      .then(draw)
      .then(flush)
      .catch(function () {
        form.submit(); // nothing can be kept here: as it would be without a script
      });
  }

  function flush() {
    if (busy) return Promise.resolve();
    busy = true;
    return Kept.flush().then(
      function () {
        busy = false;
        return draw().then(later);
      },
      function () {
        busy = false;
        return later();
      },
    );
  }

  /** The worker sends it even when this page is shut, where the phone knows how. */
  function later() {
    if (!navigator.serviceWorker) return;
    return navigator.serviceWorker.ready.then(function (found) {
      return found.sync && found.sync.register("reports").catch(function () {});
    });
  }

  // -- what is kept, as seen

  function draw() {
    return Kept.all().then(function (found) {
      var mine = found.reverse().filter(function (one) {
        return one.url === location.pathname;
      });
      var over = mine.filter(function (one) {
        return one.state === "sent";
      });
      over.splice(0, RECEIPTS);
      var list = document.createElement("ul");
      mine.forEach(function (one) {
        if (over.indexOf(one) < 0) list.appendChild(line(one));
        else Kept.drop(one.id);
      });
      kept.textContent = "";
      kept.appendChild(list);
      kept.hidden = !mine.length;
      return mine;
    });
  }

  function line(one) {
    var made = document.createElement("li");
    var said = document.createElement("b");
    made.className = one.state;
    said.textContent = words(one);
    made.appendChild(said);
    made.appendChild(document.createTextNode((one.fields.text || "").slice(0, 80)));
    if (one.state === "sent" || one.state === "refused") made.appendChild(drop(one));
    return made;
  }

  function words(one) {
    if (one.state === "sent") return one.number ? kept.dataset.sent + " " + one.number + " · " + one.said : one.said || kept.dataset.done;
    if (one.state === "refused") return kept.dataset.refused + ":" + one.said;
    return one.state === "sending" ? kept.dataset.sending : kept.dataset.waiting;
  }

  function drop(one) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = one.state === "sent" ? kept.dataset.seen : kept.dataset.drop;
    button.addEventListener("click", function () {
      Kept.drop(one.id).then(draw);
    });
    return button;
  }

  // -- where the phone stands

  function locate() {
    var button = document.getElementById("locate");
    if (!navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      button.textContent = button.dataset.asking;
      navigator.geolocation.getCurrentPosition(
        function (found) {
          var at = found.coords;
          var metres = Math.round(at.accuracy);
          form.querySelector("[name=position]").value = [at.latitude.toFixed(5), at.longitude.toFixed(5), metres].join(",");
          button.textContent = button.dataset.found + " " + metres + " m";
        },
        function () {
          button.textContent = button.dataset.failed;
        },
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
      );
    });
  }

  // -- what the desk asks, looked at again while the page is open

  function look() {
    if (document.hidden || document.getElementById("asked").contains(document.activeElement)) return;
    fetch(location.pathname, { headers: { Accept: "text/html" }, credentials: "same-origin" })
      .then(function (found) {
        return found.ok ? found.text() : "";
      })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        ["asked", "before"].forEach(function (name) {
          var fresh = page.getElementById(name);
          if (fresh) document.getElementById(name).replaceWith(fresh);
        });
        listen();
      })
      .catch(function () {});
  }

  function listen() {
    Array.prototype.forEach.call(document.querySelectorAll("form.question"), function (one) {
      one.addEventListener("submit", answer);
    });
  }

  draft();
  locate();
  listen();
  form.addEventListener("submit", write);
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) flush().then(look);
  });
  setInterval(function () {
    Kept.all().then(function (found) {
      if (
        found.some(function (one) {
          return one.state === "waiting";
        })
      )
        flush();
    });
  }, AGAIN);
  setInterval(look, LOOK);
  draw().then(flush);
  if (navigator.serviceWorker) navigator.serviceWorker.register("/contact-worker.js", { scope: "/r/" }).catch(function () {});
})();
