// What the browser does by itself: clicks on marks become events, menus, theme, stage keys.
// The server decides what an event means; nothing here knows a view.
(function () {
  "use strict";

  var EVENT = "event";
  var THEME = "theme";
  var counter = 0;

  function send(marks, additive, removal) {
    counter += 1;
    window.dash_clientside.set_props(EVENT, {
      data: { mark: marks, additive: !!additive, removal: !!removal, n: counter },
    });
  }

  // Calls `follow` now and whenever the selection or the page may be another one; `watchPage` is
  // given the page by who wants to choose what of it counts.
  function followSelection(follow, watchPage) {
    var chips = document.getElementById("chips");
    var page = document.getElementById("page");
    if (!chips || !page) {
      window.setTimeout(followSelection, 50, follow, watchPage);
      return;
    }
    var followSoon = function () {
      follow();
      // The address and the controls are written after the chips.
      window.setTimeout(follow, 80);
    };
    new MutationObserver(followSoon).observe(chips, { childList: true, subtree: true });
    if (watchPage) watchPage(page);
    else new MutationObserver(followSoon).observe(page, { childList: true });
    window.addEventListener("popstate", followSoon);
    followSoon();
  }

  // What the other scripts share: the files are read in the order of their names.
  window.wco = { send: send, followSelection: followSelection };

  // -- Marks of figures ------------------------------------------------------
  // A point's customdata (or the first item of it) is "kind:value|value".

  function markOf(point) {
    var data = point.customdata;
    if (Array.isArray(data)) data = data[0];
    return typeof data === "string" && data.indexOf(":") > 0 ? data : null;
  }

  function listen(gd) {
    if (!gd.on || gd.wcoListens === gd.on) return;
    gd.wcoListens = gd.on;
    gd.on("plotly_click", function (click) {
      var marks = (click.points || []).map(markOf).filter(Boolean);
      if (marks.length) send([marks[0]], click.event && click.event.shiftKey, false);
    });
    gd.on("plotly_selected", function (area) {
      var marks = ((area && area.points) || []).map(markOf).filter(Boolean);
      if (marks.length) send(Array.from(new Set(marks)).slice(0, 40), true, false);
    });
    gd.on("plotly_treemapclick", function (click) {
      var marks = (click.points || []).map(markOf).filter(Boolean);
      if (marks.length) send([marks[0]], false, false);
      return false;
    });
  }

  ["pointerover", "touchstart"].forEach(function (name) {
    document.addEventListener(
      name,
      function (happening) {
        var gd = happening.target.closest && happening.target.closest(".js-plotly-plot");
        if (gd) listen(gd);
      },
      { capture: true, passive: true }
    );
  });

  // -- Clicks on components --------------------------------------------------

  function dataAddress(link) {
    return "/data/" + link.dataset.frame + "." + link.dataset.format + window.location.search;
  }

  function saveImage(button) {
    var panel = button.closest(".panel");
    var gd = panel && panel.querySelector(".js-plotly-plot");
    if (!gd || !window.Plotly) return;
    window.Plotly.downloadImage(gd, {
      format: button.dataset.image,
      width: Math.max(gd.offsetWidth, 800),
      height: Math.max(gd.offsetHeight, 450),
      scale: button.dataset.image === "png" ? 2 : 1,
      filename: panel.id,
    });
  }

  function setTheme(name) {
    document.documentElement.setAttribute("data-bs-theme", name);
    window.dash_clientside.set_props(THEME, { data: name });
  }

  function wantedTheme() {
    var kept = null;
    try {
      kept = window.localStorage.getItem("wco-theme");
    } catch (error) {
      kept = null;
    }
    if (kept === "light" || kept === "dark") return kept;
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  document.addEventListener("click", function (click) {
    var target = click.target.closest("button, a, summary");
    document.querySelectorAll("details.menu[open], details.audience[open]").forEach(function (menu) {
      if (!menu.contains(click.target) || (target && target.tagName !== "SUMMARY")) {
        menu.removeAttribute("open");
      }
    });
    if (!target) return;
    var data = target.dataset;
    if (data.event) {
      send([data.event], click.shiftKey || data.additive, data.removal);
    } else if (data.frame && data.format) {
      target.setAttribute("href", dataAddress(target));
    } else if (data.image) {
      saveImage(target);
    } else if (data.copyLink && navigator.clipboard) {
      navigator.clipboard.writeText(window.location.href);
    } else if (data.reload) {
      window.location.reload();
    } else if (data.themeToggle) {
      var next =
        document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      try {
        window.localStorage.setItem("wco-theme", next);
      } catch (error) {
        // A browser that keeps nothing still changes its theme.
      }
      setTheme(next);
    } else if (data.fold) {
      var open = document.getElementById(data.fold).classList.toggle("is-open");
      target.setAttribute("aria-expanded", open ? "true" : "false");
    }
  });

  // A slider or select of a view sends "kind:value" while it moves.
  var waiting = null;
  document.addEventListener("input", function (change) {
    // The day to compare with is an input of Dash's, which can only be told by its name.
    var data = change.target.name === "since" ? { sends: "since" } : change.target.dataset;
    if (!data || !data.sends) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      send([data.sends + ":" + change.target.value], false, false);
    }, data.sends === "since" ? 600 : 60);
  });

  // -- Keys of the stage -----------------------------------------------------

  document.addEventListener("keydown", function (press) {
    if (press.key === "Escape") {
      document.querySelectorAll("details.menu[open], details.audience[open]").forEach(function (menu) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      });
    }
    var stage = document.querySelector(".stage");
    if (!stage || press.altKey || press.ctrlKey || press.metaKey) return;
    var steps = stage.querySelectorAll(".stage__step");
    var index = { ArrowLeft: 0, PageUp: 0, ArrowRight: 1, PageDown: 1, " ": 1, Escape: 2 }[
      press.key
    ];
    if (index !== undefined && steps[index]) {
      press.preventDefault();
      steps[index].click();
    }
  });

  // -- The page as it changes ------------------------------------------------

  function pathOf(link) {
    return link.getAttribute("href") ? new URL(link.href).pathname : "";
  }

  function markHere() {
    var path = window.location.pathname;
    var parent = path;
    document.querySelectorAll(".sub-bar").forEach(function (bar) {
      var paths = Array.from(bar.children, pathOf);
      bar.hidden = !paths.includes(path);
      if (!bar.hidden) parent = paths[0];
    });
    document.querySelectorAll(".top-bar__view, .sub-bar__view").forEach(function (link) {
      var isTop = link.classList.contains("top-bar__view");
      link.classList.toggle("is-here", pathOf(link) === (isTop ? parent : path));
      if (pathOf(link) === path) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    var fold = document.getElementById("selection-fold-button");
    var scope = document.querySelector(".chips__scope");
    if (fold && scope) {
      var label = fold.dataset.label || (fold.dataset.label = fold.textContent);
      var colon = document.documentElement.lang === "fr" ? "\u00a0: " : ": ";
      var text = label + colon + scope.textContent;
      if (fold.textContent !== text) fold.textContent = text;
    }
  }

  document.documentElement.setAttribute("data-bs-theme", wantedTheme());

  function start() {
    if (!window.dash_clientside || !window.dash_clientside.set_props || !document.getElementById("page")) {
      window.setTimeout(start, 20);
      return;
    }
    setTheme(wantedTheme());
    var lang = document.querySelector(".app[lang]");
    if (lang) document.documentElement.lang = lang.getAttribute("lang");
    markHere();
    new MutationObserver(markHere).observe(document.getElementById("page"), {
      childList: true,
      subtree: false,
    });
    new MutationObserver(markHere).observe(document.getElementById("top-bar"), {
      attributes: true,
      subtree: true,
      attributeFilter: ["href"],
    });
    new MutationObserver(markHere).observe(document.getElementById("chips"), { childList: true });
  }
  start();

  // -- A lost connection shows a badge; a new generation is shown when it is published --

  var version = null;

  function check() {
    fetch("/healthz", { cache: "no-store" })
      .then(function (answer) {
        return answer.ok ? answer.json() : null;
      })
      .catch(function () {
        return null;
      })
      .then(function (health) {
        var badge = document.getElementById("connection-badge");
        if (!badge) return;
        var wasLost = !badge.hidden;
        badge.hidden = !!health;
        if (!health) return;
        var isNew = version !== null && version !== health.warehouse_version;
        version = health.warehouse_version;
        // What failed while the server was away is asked again by starting afresh.
        if (isNew || wasLost) window.location.reload();
      });
  }
  check();
  window.setInterval(check, 15000);
  window.addEventListener("offline", check);
})();

// -- Quality: a label beside a mark selects what the mark selects ----------------------------
// The label's name is the mark; figures that want it set captureevents.
(function () {
  "use strict";

  function listen(gd) {
    if (!gd.on || gd.wcoLabels === gd.on) return;
    gd.wcoLabels = gd.on;
    gd.on("plotly_clickannotation", function (click) {
      var mark = click.annotation && click.annotation.name;
      if (!mark || mark.indexOf(":") < 1) return;
      window.wco.send([mark], click.event && click.event.shiftKey, false);
    });
  }

  ["pointerover", "touchstart"].forEach(function (name) {
    document.addEventListener(
      name,
      function (happening) {
        var gd = happening.target.closest && happening.target.closest(".js-plotly-plot");
        if (gd) listen(gd);
      },
      { capture: true, passive: true }
    );
  });
})();

// -- Drill down: who goes a step by keyboard stays at the path -------------------------------
// The list is drawn anew and the button that was pressed is gone: the step that is reached takes
// the focus, so that it is read out and the next Tab goes on from there.
(function () {
  "use strict";

  function here() {
    return document.querySelector(".path [aria-current]");
  }

  document.addEventListener("click", function (click) {
    // A click without a pointer comes from the keyboard.
    if (click.detail !== 0 || !click.target.closest(".drill .mark, a.path__step")) return;
    var before = here();
    var text = before && before.textContent;
    var tries = 0;
    var timer = window.setInterval(function () {
      var now = here();
      tries += 1;
      if (tries < 100 && (!now || now.textContent === text)) return;
      window.clearInterval(timer);
      if (now) now.focus();
    }, 50);
  });
})();

// -- Members: the directory narrows while one types ---------------------------
(function () {
  "use strict";

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  }

  document.addEventListener("input", function (change) {
    if (!change.target.closest("[data-narrows='directory']")) return;
    var wanted = plain(change.target.value);
    var directory = change.target.closest(".member-directory");
    var found = 0;
    directory.querySelectorAll(".member-directory__region").forEach(function (region) {
      var here = 0;
      region.querySelectorAll("tr[data-name]").forEach(function (row) {
        row.hidden = row.dataset.name.indexOf(wanted) < 0;
        if (!row.hidden) here += 1;
      });
      region.hidden = here === 0;
      found += here;
    });
    directory.querySelector(".member-directory__none").hidden = found > 0;
  });

  // Enter chooses the first member that is left.
  document.addEventListener("keydown", function (press) {
    if (press.key !== "Enter" || !press.target.closest("[data-narrows='directory']")) return;
    var row = press.target
      .closest(".member-directory")
      .querySelector(".member-directory__region:not([hidden]) tr[data-name]:not([hidden]) button");
    if (row && press.target.value.trim()) row.click();
  });
})();

// -- Flows: the groups of choices show what the address says -----------------
(function () {
  "use strict";

  function follow() {
    var asked = new URLSearchParams(window.location.search);
    document.querySelectorAll("[data-choice]").forEach(function (button) {
      var parts = button.dataset.choice.split(":");
      var value = asked.get(parts[0]);
      var isOn = value ? value === parts[1] : !!button.dataset.default;
      button.classList.toggle("is-on", isOn);
      button.setAttribute("aria-pressed", isOn ? "true" : "false");
    });
  }

  window.wco.followSelection(follow);
})();

// -- Copying: a text or an address, and saying that it is done ------------------
(function () {
  "use strict";

  function byHand(text) {
    // Without https browsers give no clipboard; a chosen text can still be copied.
    var field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.className = "visually-hidden";
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    return done;
  }

  function tell(button) {
    var label = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = button.dataset.done;
    var announcer = document.getElementById("announcer");
    if (announcer) announcer.textContent = button.dataset.done;
    window.setTimeout(function () {
      button.textContent = label;
      if (announcer) announcer.textContent = "";
    }, 2000);
  }

  function copy(text, button) {
    function fallBack() {
      if (byHand(text)) tell(button);
      button.focus();
    }
    if (!navigator.clipboard) return fallBack();
    navigator.clipboard.writeText(text).then(function () {
      tell(button);
    }, fallBack);
  }

  document.addEventListener("click", function (click) {
    var target = click.target.closest("button, a");
    if (!target) return;
    var data = target.dataset;
    if (data.copies) {
      copy(document.getElementById(data.copies).textContent, target);
    } else if (data.copyAddress) {
      copy(window.location.origin + data.copyAddress, target);
    } else if (data.webcal) {
      target.setAttribute("href", "webcal://" + window.location.host + data.webcal);
    }
  });
})();

// -- The past: a slider over all days that the warehouse knows of --------------
// The server leaves a slot ([data-past-slot]) in a group that says from when to when. The range
// input is put there and follows the address. While it moves, its day is only written; the
// selection changes when it is let go, or when the keys have rested.
(function () {
  "use strict";

  var DAY = 86400000;
  var RESTS_AFTER = 350;
  var waiting = null;
  var touchedAt = 0;

  function number(iso) {
    return Date.parse(iso + "T00:00:00Z") / DAY;
  }

  function iso(day) {
    return new Date(day * DAY).toISOString().slice(0, 10);
  }

  function group() {
    return document.querySelector("[data-past-from]");
  }

  function bounds(place) {
    return [number(place.dataset.pastFrom), number(place.dataset.pastTo)];
  }

  function shownDay(place) {
    var asked = new URLSearchParams(window.location.search).get("asof");
    var limits = bounds(place);
    var day = asked && /^\d{4}-\d{2}-\d{2}$/.test(asked) ? number(asked) : limits[1];
    return day >= limits[0] && day <= limits[1] ? day : limits[1];
  }

  function write(place, input) {
    var when = new Date(Number(input.value) * DAY);
    var months = place.dataset.pastMonths.split("|");
    var text = when.getUTCDate() + " " + months[when.getUTCMonth()] + " " + when.getUTCFullYear();
    var isLatest = input.value === input.max;
    var spoken = isLatest ? place.dataset.pastLatest.replace("{day}", text) : text;
    var label = place.querySelector("[data-past-day]");
    if (label.textContent !== text) label.textContent = text;
    input.setAttribute("aria-valuetext", spoken);
    place.classList.toggle("is-past", !isLatest);
    place.querySelector(".past__latest").hidden = isLatest;
    place.querySelectorAll("[data-past-step]").forEach(function (button) {
      var isLast = button.dataset.pastStep < 0 ? input.value === input.min : isLatest;
      button.disabled = isLast;
    });
  }

  function make(place) {
    var slot = place.querySelector("[data-past-slot]:empty");
    if (!slot) return;
    var input = document.createElement("input");
    var limits = bounds(place);
    input.type = "range";
    input.id = slot.dataset.pastSlot;
    input.min = String(limits[0]);
    input.max = String(limits[1]);
    input.step = "1";
    input.value = String(limits[1]);
    input.title = place.dataset.pastHint;
    slot.appendChild(input);
  }

  function follow() {
    var place = group();
    if (!place) return;
    make(place);
    // What the server answers may be older than where the slider is by now.
    if (waiting !== null || Date.now() - touchedAt < RESTS_AFTER) {
      window.setTimeout(follow, RESTS_AFTER + 50);
      return;
    }
    var input = place.querySelector("input[type=range]");
    var day = String(shownDay(place));
    if (input.value !== day) input.value = day;
    write(place, input);
  }

  function commit(place, input) {
    touchedAt = Date.now();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      waiting = null;
      if (Number(input.value) === shownDay(place)) return;
      var value = input.value === input.max ? "" : iso(Number(input.value));
      window.wco.send(["as_of:" + value]);
    }, RESTS_AFTER);
  }

  // A month from 31 March is the last of February, not 3 March.
  function byMonths(day, months) {
    var from = new Date(day * DAY);
    var to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
    var last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
    return Math.round(to.getTime() / DAY) + Math.min(from.getUTCDate(), last) - 1;
  }

  function step(place, months) {
    var input = place.querySelector("input[type=range]");
    input.value = String(byMonths(Number(input.value), months)); // the browser keeps it in bounds
    write(place, input);
    commit(place, input);
  }

  function sliderOf(target) {
    return target.closest && target.closest("[data-past-slot]") ? group() : null;
  }

  document.addEventListener("input", function (move) {
    var place = sliderOf(move.target);
    if (!place) return;
    touchedAt = Date.now();
    write(place, move.target);
  });

  document.addEventListener("change", function (rest) {
    var place = sliderOf(rest.target);
    if (place) commit(place, rest.target);
  });

  document.addEventListener("keydown", function (press) {
    var place = sliderOf(press.target);
    var months = { PageUp: 1, PageDown: -1 }[press.key];
    if (!place || months === undefined) return;
    press.preventDefault();
    step(place, months);
  });

  document.addEventListener("click", function (click) {
    var button = click.target.closest("[data-past-step]");
    if (button) step(group(), Number(button.dataset.pastStep));
  });

  window.wco.followSelection(follow);
})();
