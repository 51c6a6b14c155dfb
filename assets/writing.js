// What people write: each form is posted, refusals stand in it, then the page draws it afresh.
// A name is kept in this browser; what is typed and not yet written is kept for its form.
(function () {
  "use strict";

  var NAME = "wco-casework-name";

  function kept(store, key) {
    try {
      return store.getItem(key) || "";
    } catch (error) {
      return "";
    }
  }

  function keep(store, key, value) {
    try {
      if (value) store.setItem(key, value);
      else store.removeItem(key);
    } catch (error) {
      // A browser that keeps nothing asks again.
    }
  }

  function requestId() {
    var numbers = window.crypto.getRandomValues(new Uint32Array(4));
    return Array.from(numbers, function (one) {
      return one.toString(16).padStart(8, "0");
    }).join("");
  }

  function tell(form, text, isError) {
    var place = form.querySelector(".case__answer");
    place.textContent = text;
    place.classList.toggle("is-error", isError);
  }

  function post(path, body) {
    return fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Casework": "1" },
      body: JSON.stringify(body),
    }).then(function (answer) {
      return answer.json().then(function (told) {
        return { isDone: answer.status === 201, body: told };
      });
    });
  }

  function drawAgain(key, value) {
    if (new URLSearchParams(window.location.search).get(key)) {
      window.dash_clientside.set_props("selection", { data: window.location.search });
    } else {
      // It stays in sight, also if the list begins with another one now.
      window.wco.send([key + ":" + value]);
    }
  }

  // Fills the forms whenever one is drawn, or is drawn of something else: `attribute` says of what.
  function watch(attribute, fill) {
    var page = document.getElementById("page");
    if (!page) {
      window.setTimeout(watch, 50, attribute, fill);
      return;
    }
    new MutationObserver(fill).observe(page, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: [attribute],
    });
    fill();
  }

  // -- Outlier desk --------------------------------------------------------------
  (function () {


    // The case just written about, while the focus has yet to come back to its form.
    var written = "";
    // The case whose entry was refused because it had moved: why, and the state that was asked for.
    var refused = { key: "", text: "", state: "" };

    function noteKey(form) {
      return "wco-casework-note-" + form.dataset.collection + "-" + form.dataset.case;
    }

    function fill() {
      document.querySelectorAll("[data-case]").forEach(function (form) {
        var author = form.querySelector("[name='author']");
        var note = form.querySelector("[name='note']");
        if (author && !author.value) author.value = kept(window.localStorage, NAME);
        // The same field may be shown again for another case.
        if (note && form.dataset.filled !== noteKey(form)) {
          form.dataset.filled = noteKey(form);
          note.value = kept(window.sessionStorage, noteKey(form));
        }
        if (note && written === noteKey(form) && document.activeElement === document.body) {
          written = "";
          note.focus({ preventScroll: true });
        }
        if (refused.key === noteKey(form) && !form.querySelector(".case__answer").textContent) {
          tell(form, refused.text, true);
        }
        if (refused.key === noteKey(form) && refused.state && document.activeElement === document.body) {
          // The state asked for may not follow any more, now that somebody else has written.
          var asked = form.querySelector("[data-case-state='" + refused.state + "']");
          (asked || note).focus({ preventScroll: true });
          refused.state = "";
        }
      });
    }

    function lacks(form, name, text) {
      tell(form, text, true);
      form.querySelector("[name='" + name + "']").focus();
    }

    function send(form, state) {
      var author = form.querySelector("[name='author']").value.trim();
      var note = form.querySelector("[name='note']").value.trim();
      var button = form.querySelector("[data-case-state='" + state + "']");
      if (!author) return lacks(form, "author", form.dataset.noAuthor);
      if (button.dataset.needsNote && !note) return lacks(form, "note", form.dataset.noNote);
      var key = noteKey(form);
      var buttons = form.querySelectorAll("[data-case-state]");
      // A button that is disabled loses the focus, and the form is drawn afresh: both get it back.
      var hadFocus = form.contains(document.activeElement);
      buttons.forEach(function (one) {
        one.disabled = true;
      });
      function again() {
        buttons.forEach(function (one) {
          one.disabled = false;
        });
        if (hadFocus && document.activeElement === document.body) button.focus();
      }
      refused.key = "";
      // The same entry sent twice is written once.
      form.dataset.request = form.dataset.request || requestId();
      post("/casework/" + form.dataset.collection + "/" + form.dataset.case, {
        state: state,
        note: note,
        author: author,
        seen: Number(form.dataset.seen),
        request: form.dataset.request,
        lang: form.dataset.lang,
      })
        .then(
          function (answer) {
            again();
            form.dataset.request = "";
            if (answer.isDone) {
              keep(window.sessionStorage, key, "");
              if (hadFocus) written = key;
              form.querySelector("[name='note']").value = "";
              tell(form, form.dataset.saved, false);
              var announcer = document.getElementById("announcer");
              if (announcer) announcer.textContent = form.dataset.saved;
              drawAgain("case", form.dataset.case);
            } else {
              tell(form, answer.body.sentence || answer.body.found, true);
              if (answer.body.reason === "moved") {
                refused = {
                  key: key,
                  text: answer.body.sentence || answer.body.found,
                  state: hadFocus ? state : "",
                };
                drawAgain("case", form.dataset.case);
              }
            }
          },
          function () {
            again();
            tell(form, form.dataset.failed, true);
          }
        );
    }

    document.addEventListener("click", function (click) {
      var button = click.target.closest("[data-case-state]");
      if (button) send(button.closest("[data-case]"), button.dataset.caseState);
    });

    document.addEventListener("input", function (change) {
      var form = change.target.closest && change.target.closest("[data-case]");
      if (!form) return;
      form.dataset.request = "";
      refused.key = "";
      // The form is drawn afresh after every entry, also somebody else's: both must outlast that.
      if (change.target.name === "note") {
        keep(window.sessionStorage, noteKey(form), change.target.value);
      } else if (change.target.name === "author") {
        keep(window.localStorage, NAME, change.target.value.trim());
      }
    });

    watch("data-case", fill);
  })();

  // -- Check-in: refusals stand beside their fields --------------------------------
  (function () {


    function fields(form) {
      return Array.from(form.querySelectorAll("input[name], textarea[name]"));
    }

    function draftKey(form) {
      return "wco-check-in-" + form.dataset.checkIn;
    }

    function draft(form) {
      try {
        return JSON.parse(kept(window.sessionStorage, draftKey(form)) || "{}");
      } catch (error) {
        return {};
      }
    }

    function keepDraft(form) {
      var typed = {};
      fields(form).forEach(function (field) {
        if (field.name !== "author" && field.value) typed[field.name] = field.value;
      });
      var isEmpty = Object.keys(typed).length === 0;
      keep(window.sessionStorage, draftKey(form), isEmpty ? "" : JSON.stringify(typed));
    }

    // The page's own components must hear of it, else they write the old text back.
    function put(field, value) {
      if (field.value === value) return;
      var kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
      Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    var isFilling = false;
    // The form whose check-in was refused because another came before it, and why.
    var refused = { key: "", text: "" };

    function fill() {
      document.querySelectorAll("form[data-check-in]").forEach(function (form) {
        // The same fields may be shown again for another key result.
        var isNew = form.dataset.filled !== draftKey(form);
        form.dataset.filled = draftKey(form);
        var typed = draft(form);
        typed.author = kept(window.localStorage, NAME);
        isFilling = true;
        fields(form).forEach(function (field) {
          // Drawn afresh, also by somebody else's check-in, a field has forgotten its text.
          if (isNew || !field.value) put(field, typed[field.name] || "");
        });
        isFilling = false;
        if (isNew) {
          showErrors(form, {});
          tell(form, "", false);
        }
        if (refused.key === draftKey(form) && !form.querySelector(".case__answer").textContent) {
          tell(form, refused.text, true);
        }
      });
    }

    function showErrors(form, errors) {
      var first = null;
      fields(form).forEach(function (field) {
        var place = document.getElementById(field.id + "-error");
        var text = errors[field.name] || "";
        if (place) place.textContent = text;
        if (text) {
          field.setAttribute("aria-invalid", "true");
          field.setAttribute("aria-describedby", field.id + "-error");
          first = first || field;
        } else {
          field.removeAttribute("aria-invalid");
          field.removeAttribute("aria-describedby");
        }
      });
      if (first) first.focus();
    }

    function done(form, body) {
      keep(window.sessionStorage, draftKey(form), "");
      isFilling = true;
      fields(form).forEach(function (field) {
        if (field.name !== "author") put(field, "");
      });
      isFilling = false;
      showErrors(form, {});
      tell(form, body.sentence, false);
      var announcer = document.getElementById("announcer");
      if (announcer) announcer.textContent = body.sentence;
      drawAgain("result", form.dataset.checkIn);
    }

    function send(form) {
      var button = form.querySelector("[type='submit']");
      if (form.dataset.sending) return;
      form.dataset.sending = "1";
      refused.key = "";
      button.setAttribute("aria-disabled", "true");
      // The same check-in sent twice is written once.
      form.dataset.request = form.dataset.request || requestId();
      var body = {
        seen: Number(form.dataset.seen),
        request: form.dataset.request,
        lang: form.dataset.lang,
      };
      fields(form).forEach(function (field) {
        body[field.name] = field.value;
      });
      function again() {
        delete form.dataset.sending;
        button.removeAttribute("aria-disabled");
      }
      post("/check-in/" + form.dataset.checkIn, body)
        .then(
          function (answer) {
            again();
            form.dataset.request = "";
            if (answer.isDone) {
              done(form, answer.body);
            } else {
              var text = answer.body.sentence || answer.body.found;
              showErrors(form, answer.body.fields || {});
              tell(form, text, true);
              if (answer.body.reason === "moved") {
                refused = { key: draftKey(form), text: text };
                drawAgain("result", form.dataset.checkIn);
              }
            }
          },
          function () {
            again();
            tell(form, form.dataset.failed, true);
          }
        );
    }

    document.addEventListener("submit", function (submit) {
      var form = submit.target.closest("form[data-check-in]");
      if (!form) return;
      submit.preventDefault();
      send(form);
    });

    document.addEventListener("input", function (change) {
      var form = change.target.closest && change.target.closest("form[data-check-in]");
      if (!form || isFilling) return;
      form.dataset.request = "";
      refused.key = "";
      keepDraft(form);
      if (change.target.name === "author") {
        keep(window.localStorage, NAME, change.target.value.trim());
      }
    });

    watch("data-check-in", fill);
  })();
})();
