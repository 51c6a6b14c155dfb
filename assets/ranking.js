// Incentives: weights as sliders that always add up to 100, and a ranking that follows them.
// The server leaves a slot per pillar ([data-slider]); the range inputs are put there and kept in
// step with the address. What the ranking's figure is made of travels with it (layout.meta.ranking,
// see layouts/incentives/ranking.py), so the members are ranked here while a weight moves; the
// server is asked when it rests, and its answer brings the bands back.
(function () {
  "use strict";

  var RESTS_AFTER = 350;
  var ANSWERS_WITHIN = 15000;
  var ROUNDING = 1e-12; // as dashboard/stats/composite.py
  var STEPS_PER_POINT = 10000; // as dashboard/stats/copeland.py
  var MARGIN = 1e-6;
  var waiting = null;
  var touchedAt = 0;
  var base = null; // weights when the gesture began: the others move in proportion to these
  var locked = {};
  var sent = null; // weights that the server has not taken into the address yet

  // -- The arithmetic, as the server does it -------------------------------------------------

  function mean(row, weights, isGeometric, floor) {
    var total = 0, whole = 0, low = Infinity, high = -Infinity;
    row.forEach(function (score, place) {
      if (score === null) return;
      var value = isGeometric ? Math.max(score, floor) : score;
      low = Math.min(low, value);
      high = Math.max(high, value);
      total += (isGeometric ? Math.log(value) : value) * weights[place];
      whole += weights[place];
    });
    if (whole <= 0) return null;
    var result = total / whole;
    if (isGeometric) result = Math.exp(result);
    return Math.min(Math.max(result, low), high);
  }

  // Halves go to the even number, as numpy rounds.
  function nearest(value) {
    var rounded = Math.round(value);
    return Math.abs(value % 1) === 0.5 && rounded % 2 ? rounded - 1 : rounded;
  }

  function copeland(rows, weights, isIn) {
    var whole = weights.reduce(function (sum, one) { return sum + one; }, 0);
    var share = weights.map(function (one) { return one / whole; });
    var steps = rows.map(function (row) {
      return row.map(function (score) {
        return score === null ? NaN : nearest(score * STEPS_PER_POINT);
      });
    });
    var won = rows.map(function () { return 0; });
    var count = isIn.filter(Boolean).length;
    for (var i = 0; i < rows.length; i += 1) {
      if (!isIn[i]) continue;
      for (var j = i + 1; j < rows.length; j += 1) {
        if (!isIn[j]) continue;
        var margin = 0;
        for (var p = 0; p < share.length; p += 1) {
          // A missing pillar compares as neither more nor less.
          if (steps[i][p] > steps[j][p]) margin += share[p];
          else if (steps[i][p] < steps[j][p]) margin -= share[p];
        }
        if (margin > MARGIN) { won[i] += 1; won[j] -= 1; }
        else if (margin < -MARGIN) { won[i] -= 1; won[j] += 1; }
      }
    }
    return won.map(function (net, i) {
      return isIn[i] ? 50 + (50 * net) / Math.max(count - 1, 1) : null;
    });
  }

  function scoresOf(facts, weights) {
    var rows = facts.scores.concat(facts.others);
    var weighted = weights.filter(function (one) { return one > 0; }).length;
    var needed =
      facts.missing === "leave_out" ? weighted : Math.min(facts.minimum, weighted);
    var isIn = rows.map(function (row) {
      var there = row.filter(function (score, place) {
        return score !== null && weights[place] > 0;
      }).length;
      return there > 0 && there >= needed;
    });
    if (facts.aggregation === "copeland") return copeland(rows, weights, isIn);
    return rows.map(function (row, i) {
      var isGeometric = facts.aggregation === "geometric";
      return isIn[i] ? mean(row, weights, isGeometric, facts.floor) : null;
    });
  }

  function ranksOf(scores) {
    var order = scores.map(function (_, i) { return i; }).filter(function (i) {
      return scores[i] !== null;
    });
    order.sort(function (a, b) { return scores[b] - scores[a]; });
    var ranks = scores.map(function () { return null; });
    order.forEach(function (i, place) {
      var before = place ? order[place - 1] : null;
      var isTied =
        before !== null && scores[before] - scores[i] <= ROUNDING * Math.abs(scores[i]);
      ranks[i] = isTied ? ranks[before] : place + 1;
    });
    return ranks;
  }

  // -- Drawing it ------------------------------------------------------------------------------

  function tierOf(facts, score) {
    var found = facts.tiers.find(function (tier) { return score >= tier[0]; });
    return found ? found[1] : facts.tiers.length ? facts.tiers[facts.tiers.length - 1][1] : "";
  }

  function peerRanks(facts, scores) {
    var ranks = scores.map(function () { return null; });
    var sizes = {};
    Object.keys(facts.headings).forEach(function (section) {
      var inside = scores.map(function (score, i) {
        return facts.sections[i] === section ? score : null;
      });
      ranksOf(inside).forEach(function (rank, i) { if (rank !== null) ranks[i] = rank; });
      sizes[section] = inside.filter(function (score) { return score !== null; }).length;
    });
    return ranks.map(function (rank, i) {
      return rank === null ? "\u2013" : rank + "/" + sizes[facts.sections[i]];
    });
  }

  function laidOut(facts, scores, ranks) {
    var sections = facts.members.map(function (_, i) {
      if (facts.sections) return facts.sections[i];
      return scores[i] === null ? "" : tierOf(facts, scores[i]);
    });
    var places = {};
    Object.keys(facts.headings).forEach(function (section, place) { places[section] = place; });
    var order = facts.members.map(function (_, i) { return i; });
    order.sort(function (a, b) {
      return (
        facts.chosen[b] - facts.chosen[a] ||
        (facts.sections ? places[sections[a]] - places[sections[b]] : 0) ||
        (ranks[a] || 1e6) - (ranks[b] || 1e6) ||
        a - b
      );
    });
    var y = [], heads = [], last = null, next = 0;
    order.forEach(function (i) {
      var key = facts.chosen[i] + sections[i];
      if (key !== last) {
        heads.push({ y: next, text: facts.headings[sections[i]], isChosen: facts.chosen[i] });
        next += 1;
        last = key;
      }
      y[i] = next;
      next += 1;
    });
    return { y: y, heads: heads, end: next - 1 };
  }

  function plain(text) {
    return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }

  function indexed(group, selector) {
    var found = [];
    group.querySelectorAll(selector).forEach(function (one, place) {
      var point = one.__data__;
      found[point && point.i !== undefined ? point.i : place] = one;
    });
    return found;
  }

  function write(group, text) {
    var node = group.querySelector("text");
    while (node.firstElementChild) node = node.firstElementChild;
    if (node.textContent !== text) node.textContent = text;
  }

  // Bands, blocks and the names of tiers are the server's: they come back with its answer.
  function hidden(gd) {
    return Array.from(gd.querySelectorAll(".shapelayer, .annotation")).concat(
      Array.from(gd.querySelectorAll(".scatterlayer .trace")).slice(0, -3)
    );
  }

  function restore(gd) {
    if (!gd.wcoIsLive) return;
    gd.wcoIsLive = false;
    gd.style.pointerEvents = "";
    gd.querySelectorAll(".live-heads").forEach(function (one) { one.remove(); });
    gd.querySelectorAll(".textpoint").forEach(function (one) { one.removeAttribute("transform"); });
    hidden(gd)
      .concat(Array.from(gd.querySelectorAll(".point, .textpoint")))
      .forEach(function (one) { one.style.display = ""; });
  }

  function writeHeads(gd, facts, heads, pixel) {
    var full = gd._fullLayout;
    var layer = gd.querySelector(".infolayer");
    layer.querySelectorAll(".live-heads").forEach(function (one) { one.remove(); });
    var group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.setAttribute("class", "live-heads");
    var pattern = (gd.layout.annotations || [{}])[0];
    heads.forEach(function (head) {
      var text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("x", "4");
      text.setAttribute("y", String(full._size.t + pixel(head.y)));
      text.setAttribute("dominant-baseline", "central");
      text.style.fill = facts.colours[head.isChosen ? 1 : 0];
      text.style.fontFamily = full.font.family;
      text.style.fontSize = ((pattern.font && pattern.font.size) || full.font.size) + "px";
      text.textContent = plain(head.text);
      group.appendChild(text);
    });
    layer.appendChild(group);
  }

  // The marks that are drawn are moved. To have the figure drawn anew takes several times as long.
  function redraw(gd, facts, weights) {
    var count = facts.members.length;
    var scores = scoresOf(facts, weights);
    var ranks = ranksOf(scores);
    var shown = laidOut(facts, scores, ranks);
    var places = facts.sections ? peerRanks(facts, scores.slice(0, count)) : ranks;
    var axes = gd._fullLayout;
    var traces = gd.querySelectorAll(".scatterlayer .trace");
    // Dots, names and scores come last; of the bands Plotly leaves out a trace without any.
    var first = traces.length - 3;
    if (first < 0) return ranks;
    function pixel(y) {
      return ((y + 0.6) / (shown.end + 1.2)) * axes.yaxis._length;
    }
    if (!gd.wcoIsLive) {
      gd.wcoIsLive = true;
      gd.style.pointerEvents = "none"; // what hovers would tell where the marks were
      hidden(gd).forEach(function (one) { one.style.display = "none"; });
      if (gd.wcoRestores !== gd.on) {
        gd.wcoRestores = gd.on;
        gd.on("plotly_afterplot", function () { restore(gd); });
      }
    }
    var drawnAt = gd.data[gd.data.length - 1].y;
    var dots = indexed(traces[first], ".point");
    var names = indexed(traces[first + 1], ".textpoint");
    var values = indexed(traces[first + 2], ".textpoint");
    for (var i = 0; i < count; i += 1) {
      var y = pixel(shown.y[i]);
      if (dots[i]) {
        dots[i].style.display = ranks[i] === null ? "none" : "";
        if (ranks[i] !== null) {
          var x = axes.xaxis.c2p(ranks[i]);
          dots[i].setAttribute("transform", "translate(" + x + "," + y + ")");
        }
      }
      var drawn = axes.yaxis.c2p(drawnAt[i]);
      [names[i], values[i]].forEach(function (one) {
        if (one) one.setAttribute("transform", "translate(0," + (y - drawn) + ")");
      });
      var place = places[i] === null ? "\u2013" : places[i];
      if (names[i]) write(names[i], plain(facts.names[i]) + "  " + place + "\u00a0\u00a0");
      if (values[i]) write(values[i], scores[i] === null ? "" : String(Math.round(scores[i])));
    }
    writeHeads(gd, facts, shown.heads, pixel);
    return ranks;
  }

  // -- The sliders ------------------------------------------------------------------------------

  function group() {
    return document.querySelector("[data-weights]");
  }

  function inputsOf(place) {
    return Array.from(place.querySelectorAll("[data-slider] input"));
  }

  function figure() {
    return document.querySelector("#panel-incentives-ranking .js-plotly-plot");
  }

  function factsNow() {
    var gd = figure();
    return gd && gd.layout && gd.layout.meta && gd.layout.meta.ranking;
  }

  // Whole numbers that add up to what is left, in proportion; all alike where nothing is.
  function dealt(shares, left) {
    var whole = shares.reduce(function (sum, one) { return sum + one; }, 0);
    var exact = shares.map(function (one) {
      return whole > 0 ? (one * left) / whole : left / shares.length;
    });
    var result = exact.map(Math.floor);
    var rest = left - result.reduce(function (sum, one) { return sum + one; }, 0);
    exact
      .map(function (one, i) { return [one - result[i], i]; })
      .sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; })
      .slice(0, rest)
      .forEach(function (pair) { result[pair[1]] += 1; });
    return result;
  }

  function balance(place, moved) {
    var others = inputsOf(place).filter(function (one) { return one !== moved; });
    var free = others.filter(function (one) { return !locked[one.name]; });
    var kept = others.reduce(function (sum, one) {
      return sum + (locked[one.name] ? Number(one.value) : 0);
    }, 0);
    var value = Math.min(Number(moved.value), 100 - kept);
    if (!free.length) value = 100 - kept;
    if (String(value) !== moved.value) moved.value = value;
    dealt(free.map(function (one) { return base[one.name]; }), 100 - kept - value).forEach(
      function (share, i) { free[i].value = share; }
    );
  }

  function showShares(place) {
    var percent = document.documentElement.lang === "fr" ? "\u202f%" : " %";
    inputsOf(place).forEach(function (one) {
      var share = place.querySelector('[data-share="' + one.name + '"]');
      var text = one.value + percent;
      if (share && share.textContent !== text) share.textContent = text;
      one.setAttribute("aria-valuetext", text);
    });
  }

  function makeSliders(place) {
    place.querySelectorAll("[data-slider]:empty").forEach(function (slot) {
      var input = document.createElement("input");
      input.type = "range";
      input.min = "0";
      input.max = "100";
      input.step = "1";
      input.name = slot.dataset.slider;
      input.value = slot.dataset.value;
      slot.appendChild(input);
    });
  }

  function asked() {
    return new URLSearchParams(window.location.search);
  }

  function chosenWeights() {
    var text = asked().get("weights");
    if (!text) return null;
    var found = {};
    text.split(",").forEach(function (pair) {
      var parts = pair.split(":");
      found[parts[0]] = Number(parts[1]);
    });
    return found;
  }

  function regionsNow() {
    var facts = factsNow();
    return (asked().get("region") || "").split(",").concat((facts && facts.regions) || []);
  }

  function showSchemes() {
    var own = chosenWeights();
    var scheme = asked().get("scheme");
    var regions = regionsNow();
    document.querySelectorAll("[data-scheme]").forEach(function (button) {
      var data = button.dataset;
      var isOn = !own && (scheme ? scheme === data.scheme : !!data.schemeDefault);
      button.classList.toggle("is-on", isOn);
      button.setAttribute("aria-pressed", isOn ? "true" : "false");
      button.hidden = !!data.schemeRegion && !isOn && regions.indexOf(data.schemeRegion) < 0;
    });
  }

  function follow() {
    var place = group();
    if (!place) return;
    makeSliders(place);
    showSchemes();
    var isAnswered = sent === null || asked().get("weights") === sent.text;
    if (isAnswered || Date.now() - sent.at > ANSWERS_WITHIN) sent = null;
    // While a slider moves, what the server answers may already be old; until it has answered the
    // address is.
    if (sent !== null || waiting !== null || Date.now() - touchedAt < RESTS_AFTER) {
      window.setTimeout(follow, RESTS_AFTER + 50);
      return;
    }
    base = null;
    var facts = factsNow();
    var scheme = asked().get("scheme");
    var weights = chosenWeights() || (facts && (facts.schemes[scheme] || facts.weights));
    if (weights) {
      var inputs = inputsOf(place);
      dealt(inputs.map(function (one) { return weights[one.name] || 0; }), 100).forEach(
        function (share, i) { if (inputs[i].value !== String(share)) inputs[i].value = share; }
      );
    }
    showShares(place);
  }

  function commit(place) {
    touchedAt = Date.now();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      waiting = null;
      base = null;
      var facts = factsNow();
      var inputs = inputsOf(place);
      var before = facts && dealt(
        inputs.map(function (one) { return facts.weights[one.name] || 0; }), 100
      );
      var isAsServed = before && inputs.every(function (one, i) {
        return Number(one.value) === before[i];
      });
      if (isAsServed) {
        // Back where it was: the server has nothing to say, what it drew holds again.
        if (figure().wcoIsLive) window.Plotly.redraw(figure());
        return;
      }
      var pairs = inputsOf(place).map(function (one) { return one.name + ":" + one.value; });
      sent = { text: pairs.join(","), at: Date.now() };
      window.wco.send(["weights:" + sent.text]);
    }, RESTS_AFTER);
  }

  document.addEventListener("input", function (change) {
    var slot = change.target.closest && change.target.closest("[data-slider]");
    if (!slot) return;
    var begun = performance.now();
    var place = group();
    if (!base) {
      base = {};
      // What the moved one had is not known any more, and not needed.
      inputsOf(place).forEach(function (one) { base[one.name] = Number(one.value); });
    }
    balance(place, change.target);
    showShares(place);
    var facts = factsNow();
    if (facts && facts.scores.length) {
      var weights = facts.pillars.map(function (pillar) {
        var input = place.querySelector('[data-slider="' + pillar + '"] input');
        return input ? Number(input.value) : 0;
      });
      var ranks = redraw(figure(), facts, weights);
      // What was drawn, and how long it took, for whoever wants to measure or compare.
      place.dataset.ranks = facts.members
        .map(function (member, i) { return member + ":" + ranks[i]; })
        .join(",");
    }
    place.dataset.stepMs = (performance.now() - begun).toFixed(1);
    commit(place);
  });

  document.addEventListener("click", function (click) {
    // Whatever else is chosen, the address says what the weights are.
    if (click.target.closest && click.target.closest("[data-event]")) sent = null;
    var button = click.target.closest && click.target.closest("[data-lock]");
    if (!button) return;
    var pillar = button.dataset.lock;
    locked[pillar] = !locked[pillar];
    button.setAttribute("aria-pressed", locked[pillar] ? "true" : "false");
    var input = document.querySelector('[data-slider="' + pillar + '"] input');
    if (input) input.disabled = locked[pillar];
  });

  window.wco.followSelection(follow, function (page) {
    new MutationObserver(function (changes) {
      // A page that was left takes its locks along.
      if (!group()) locked = {};
      var isOfFigures = changes.every(function (one) {
        return one.target.closest && one.target.closest(".js-plotly-plot, [data-weights]");
      });
      if (!isOfFigures) follow();
    }).observe(page, { childList: true, subtree: true });
  });
})();
