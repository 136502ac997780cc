/* Keeps a contact's reporting page on the phone, so that it opens without a network, and sends what waits when there is one again. */
"use strict";
importScripts("/static/phone/queue.js");

var CACHE = "dutydesk-phone-1";
var SHELL = ["/plain.css", "/static/phone/queue.js", "/static/phone/report.js", "/static/icons/calm.svg"];
var PATIENCE = 6000; // milliseconds until a page that hangs in a bad network is shown as it was kept

self.addEventListener("install", function (event) {
  event.waitUntil(
    caches
      .open(CACHE)
      .then(function (cache) {
        return cache.addAll(SHELL);
      })
      .then(function () {
        return self.skipWaiting();
      }),
  );
});

self.addEventListener("activate", function (event) {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", function (event) {
  var path = new URL(event.request.url).pathname;
  var ours = path.indexOf("/r/") === 0 || SHELL.indexOf(path) >= 0;
  if (event.request.method === "GET" && ours) event.respondWith(fresh(event.request, path));
});

self.addEventListener("sync", function (event) {
  if (event.tag === "reports") event.waitUntil(self.Kept.flush());
});

/** From the network, and kept; as it was kept where the network gives nothing in time. A link that no longer holds is forgotten. */
function fresh(request, path) {
  return caches.open(CACHE).then(function (cache) {
    var asked = fetch(request).then(function (answer) {
      if (answer.ok) cache.put(path, answer.clone());
      if (answer.status === 404) cache.delete(path);
      return answer;
    });
    var late = new Promise(function (resolve) {
      setTimeout(resolve, PATIENCE);
    }).then(function () {
      return cache.match(path);
    });
    return Promise.race([asked, late])
      .then(function (first) {
        return first || asked;
      })
      .catch(function () {
        return cache.match(path).then(function (kept) {
          return kept || Response.error();
        });
      });
  });
}
