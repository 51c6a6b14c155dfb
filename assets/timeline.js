// Time: a slider that moves the selected range, and a button that plays it.
// The server leaves a slot ([data-time-slot]) in a group that names the selects of the range. Their
// months are its steps: the range input tells which month the range ends with, and the range keeps
// its length. While it plays, the next step waits until all panels have been drawn.
(function () {
  "use strict";

  var RESTS_AFTER = 250;
  var SHOWN_FOR = 1100;
  var MOST_PATIENCE = 15000;
  var waiting = null;
  var playing = null;

  function group() {
    return document.querySelector("[data-time-slot]")
      ? document.querySelector("[data-time-slot]").parentNode
      : null;
  }

  // Months from the first to the last, as the select lists them the other way round.
  function months(place) {
    var select = document.getElementById(place.dataset.timeLast);
    if (!select) return [];
    return Array.from(select.options, function (option) {
      return { value: option.value, text: option.textContent };
    }).reverse();
  }

  function placeOf(list, value) {
    return list.findIndex(function (month) {
      return month.value === value;
    });
  }

  // What is selected: the places of its first and last month; what a step is; what is held.
  function shown(place) {
    var list = months(place);
    var value = function (name) {
      var select = document.getElementById(place.dataset[name]);
      return select ? select.value : "";
    };
    var steps = JSON.parse(place.dataset.timeSteps)[value("timeCollection")];
    return {
      list: list,
      first: placeOf(list, value("timeFirst")),
      last: placeOf(list, value("timeLast")),
      step: steps ? steps.months : 1,
      lowest: steps ? placeOf(list, steps.first) : 0,
      highest: steps ? placeOf(list, steps.last) : list.length - 1,
    };
  }

  function write(place, now, last) {
    var input = place.querySelector("input[type=range]");
    var first = last - (now.last - now.first);
    var text = now.list[first].text;
    if (first !== last) text += " – " + now.list[last].text;
    var label = place.querySelector("[data-time-range]");
    if (label.textContent !== text) label.textContent = text;
    input.setAttribute("aria-valuetext", text);
    place.querySelectorAll("[data-time-step]").forEach(function (button) {
      var next = last + Number(button.dataset.timeStep) * now.step;
      button.disabled = next < Number(input.min) || next > Number(input.max);
    });
    var isWhole = input.min === input.max;
    place.querySelector("[data-time-play]").disabled = isWhole;
    input.disabled = isWhole;
    place.title = isWhole ? place.dataset.timeWhole : "";
  }

  function make(place) {
    var slot = place.querySelector("[data-time-slot]:empty");
    if (!slot) return;
    var input = document.createElement("input");
    input.type = "range";
    input.id = slot.dataset.timeSlot;
    slot.appendChild(input);
  }

  function follow() {
    var place = group();
    if (!place) return stop();
    make(place);
    if (waiting !== null) return;
    var now = shown(place);
    if (now.first < 0 || now.last < now.first) return;
    var input = place.querySelector("input[type=range]");
    // Years are counted back from the end that is selected, so that every step is a whole one.
    var room = Math.max(0, Math.floor((now.first - Math.max(0, now.lowest)) / now.step));
    var ahead = Math.max(0, Math.floor((now.highest - now.last) / now.step));
    input.min = String(now.last - room * now.step);
    input.max = String(now.last + ahead * now.step);
    input.step = String(now.step);
    input.value = String(now.last);
    write(place, now, now.last);
  }

  function go(place, last) {
    var now = shown(place);
    var first = last - (now.last - now.first);
    if (last === now.last || first < 0 || last >= now.list.length) return;
    window.wco.send(["month:" + now.list[first].value + "|" + now.list[last].value]);
  }

  function commit(place, input) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      waiting = null;
      go(place, Number(input.value));
    }, RESTS_AFTER);
  }

  // -- Playing ---------------------------------------------------------------

  function isDrawn() {
    return !document.querySelector("[data-dash-is-loading='true'], .panel.is-loading");
  }

  function sign(place, isOn) {
    var button = place && place.querySelector("[data-time-play]");
    if (!button) return;
    button.textContent = isOn ? "❚❚" : "▶";
    button.setAttribute("aria-label", isOn ? button.dataset.pause : button.dataset.play);
    button.setAttribute("aria-pressed", isOn ? "true" : "false");
  }

  function stop() {
    window.clearTimeout(playing);
    playing = null;
    sign(group(), false);
  }

  function play() {
    var place = group();
    var input = place && place.querySelector("input[type=range]");
    if (!input) return stop();
    var next = Number(input.value) + shown(place).step;
    // From the end it begins anew.
    if (next > Number(input.max)) next = Number(input.min);
    sign(place, true);
    input.value = String(next);
    write(place, shown(place), next);
    go(place, next);
    var end = next >= Number(input.max);
    var since = Date.now();
    var look = function () {
      var wanted = shown(place).list[next];
      var select = document.getElementById(place.dataset.timeLast);
      var isThere = select && wanted && select.value === wanted.value && isDrawn();
      var gone = Date.now() - since;
      if (gone > MOST_PATIENCE) return stop();
      if (!isThere || gone < SHOWN_FOR) {
        playing = window.setTimeout(look, 60);
        return;
      }
      if (end) return stop();
      play();
    };
    playing = window.setTimeout(look, 60);
  }

  // -- What the user does ------------------------------------------------------

  function sliderOf(target) {
    return target.closest && target.closest("[data-time-slot]") ? group() : null;
  }

  document.addEventListener("input", function (move) {
    var place = sliderOf(move.target);
    if (!place) return;
    stop();
    write(place, shown(place), Number(move.target.value));
  });

  document.addEventListener("change", function (rest) {
    var place = sliderOf(rest.target);
    if (place) commit(place, rest.target);
  });

  document.addEventListener("click", function (click) {
    var button = click.target.closest("[data-time-play], [data-time-step]");
    if (!button) return;
    var isPlaying = playing !== null;
    stop();
    if (button.dataset.timePlay) {
      if (!isPlaying) play();
      return;
    }
    var place = group();
    var input = place.querySelector("input[type=range]");
    input.value = String(Number(input.value) + Number(button.dataset.timeStep) * shown(place).step);
    write(place, shown(place), Number(input.value));
    commit(place, input);
  });

  // A presenter has no pointer at hand; the other keys of the stage are in app.js.
  document.addEventListener("keydown", function (press) {
    if (press.key !== "p" || press.altKey || press.ctrlKey || press.metaKey) return;
    var button = document.querySelector(".stage [data-time-play]");
    if (button) button.click();
  });

  window.wco.followSelection(follow);
})();
