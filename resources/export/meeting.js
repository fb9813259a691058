(function () {
  "use strict";
  var sound = document.querySelector("audio");
  if (!sound) return;
  var passages = Array.prototype.slice.call(document.querySelectorAll(".passage[data-start]"));
  sound.addEventListener("loadedmetadata", function () { document.body.classList.add("sounds"); });
  document.addEventListener("click", function (event) {
    var time = event.target.closest("button.time");
    if (!time || !document.body.classList.contains("sounds")) return;
    sound.currentTime = Number(time.dataset.time);
    sound.play();
  });
  var now = null;
  sound.addEventListener("timeupdate", function () {
    var low = 0, high = passages.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (Number(passages[middle].dataset.start) <= sound.currentTime + 0.05) low = middle + 1; else high = middle;
    }
    var next = low ? passages[low - 1] : null;
    if (next === now) return;
    if (now) now.classList.remove("now");
    if (next) next.classList.add("now");
    now = next;
  });
  if (sound.readyState > 0) document.body.classList.add("sounds");
})();
