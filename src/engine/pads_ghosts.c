#include <stdint.h>
#include <string.h>

#include "dt/pads.h"
#include "scan.h"

/* ---- the rules ---- */

static dt_status bad_rule(size_t line, dt_error* err) {
  return dt_fail(err, DT_BAD_DATA,
                 "Line %zu: this is no rule: write #: ghost NOTE of NOTE within MS ms below SHARE, "
                 "such as #: ghost 48 of 38 within 10 ms below 0.35",
                 line);
}

static dt_status add_rule(dt_ghosts* ghosts, const char* text, size_t line, int rate_hz,
                          dt_error* err) {
  int64_t note = 0;
  int64_t of = 0;
  double within_ms = 0;
  double below = 0;
  const char* at = text + 2; /* after "#:" */
  if (!dt__scan_word(&at, "ghost") || !dt__scan_whole(&at, 0, 127, &note) ||
      !dt__scan_word(&at, "of") || !dt__scan_whole(&at, 0, 127, &of) ||
      !dt__scan_word(&at, "within") || !dt__scan_real(&at, 0.1, 50, &within_ms) ||
      !dt__scan_word(&at, "ms") || !dt__scan_word(&at, "below") ||
      !dt__scan_real(&at, 0.01, 1, &below) || !dt__scan_end(&at))
    return bad_rule(line, err);
  if (ghosts->rule_count == DT_GHOST_RULES_MAX)
    return dt_fail(err, DT_BAD_DATA, "Line %zu: more than %d rules", line, DT_GHOST_RULES_MAX);
  ghosts->rules[ghosts->rule_count++] =
      (dt_ghost_rule){.note = (uint8_t)note,
                      .of = (uint8_t)of,
                      .within_frames = (dt_frame)(within_ms * 1e-3 * rate_hz + 0.5),
                      .below = below};
  return DT_OK;
}

dt_status dt_ghosts_parse(dt_ghosts* ghosts, const char* text, size_t size, int rate_hz,
                          dt_error* err) {
  memset(ghosts, 0, sizeof *ghosts);
  const char* end = text + size;
  for (size_t line = 1; text < end; line++) {
    const char* stop = memchr(text, '\n', (size_t)(end - text));
    const size_t length = (size_t)((stop ? stop : end) - text);
    if (length >= 2 && text[0] == '#' && text[1] == ':') {
      char copy[128] = "";
      const bool fits = length < sizeof copy;
      memcpy(copy, text, fits ? length : 0);
      const dt_status status =
          fits ? add_rule(ghosts, copy, line, rate_hz, err) : bad_rule(line, err);
      if (status != DT_OK) {
        memset(ghosts, 0, sizeof *ghosts);
        return status;
      }
    }
    text = stop ? stop + 1 : end;
  }
  return DT_OK;
}

/* ---- notes ---- */

static bool is_ghost_of(const dt_ghost_rule* rule, dt_frame away, int velocity, int struck) {
  return away <= rule->within_frames && velocity < rule->below * struck;
}

/* By what came before it. */
static bool is_ghost(const dt_ghosts* ghosts, dt_frame at, int note, int velocity) {
  for (int i = 0; i < ghosts->rule_count; i++) {
    const dt_ghost_rule* rule = &ghosts->rules[i];
    if (rule->note == note && ghosts->last_velocity[rule->of] > 0 &&
        is_ghost_of(rule, at - ghosts->last_at[rule->of], velocity,
                    ghosts->last_velocity[rule->of]))
      return true;
  }
  return false;
}

static void forget_held(dt_ghosts* ghosts, int index) {
  ghosts->held_count--;
  memmove(&ghosts->held[index], &ghosts->held[index + 1],
          (size_t)(ghosts->held_count - index) * sizeof ghosts->held[0]);
}

/* Held ones whose cause this is: a module may send the softer note first. */
static void leave_out_held(dt_ghosts* ghosts, dt_frame at, int note, int velocity) {
  for (int i = ghosts->held_count; i-- > 0;)
    for (int k = 0; k < ghosts->rule_count; k++) {
      const dt_ghost_rule* rule = &ghosts->rules[k];
      if (rule->of != note || rule->note != ghosts->held[i].note || rule->note == rule->of ||
          !is_ghost_of(rule, at - ghosts->held[i].at, ghosts->held[i].velocity, velocity))
        continue;
      if (ghosts->last_at[rule->note] == ghosts->held[i].at)
        ghosts->last_velocity[rule->note] = 0;
      forget_held(ghosts, i);
      ghosts->left_out++;
      break;
    }
}

void dt_ghosts_put(dt_ghosts* ghosts, dt_frame at, int note, int velocity, float openness) {
  if (is_ghost(ghosts, at, note, velocity)) {
    ghosts->left_out++;
    return;
  }
  leave_out_held(ghosts, at, note, velocity);
  dt_frame until = at;
  for (int i = 0; i < ghosts->rule_count; i++)
    if (ghosts->rules[i].note == note && ghosts->rules[i].of != note &&
        at + ghosts->rules[i].within_frames >= until)
      until = at + ghosts->rules[i].within_frames + 1;
  ghosts->last_at[note] = at;
  ghosts->last_velocity[note] = (uint8_t)velocity;
  if (ghosts->held_count == DT_GHOST_HELD_MAX) {
    ghosts->lost++;
    forget_held(ghosts, 0);
  }
  const int last = ghosts->held_count++;
  ghosts->held[last].at = at;
  ghosts->held[last].until = until;
  ghosts->held[last].note = (uint8_t)note;
  ghosts->held[last].velocity = (uint8_t)velocity;
  ghosts->held[last].openness = openness;
}

bool dt_ghosts_next(dt_ghosts* ghosts, dt_frame now, dt_frame* at, int* note, int* velocity,
                    float* openness) {
  for (int i = 0; i < ghosts->held_count; i++) {
    if (ghosts->held[i].until > now)
      continue;
    *at = ghosts->held[i].at;
    *note = ghosts->held[i].note;
    *velocity = ghosts->held[i].velocity;
    *openness = ghosts->held[i].openness;
    forget_held(ghosts, i);
    return true;
  }
  return false;
}

dt_frame dt_ghosts_due(const dt_ghosts* ghosts) {
  dt_frame due = INT64_MAX;
  for (int i = 0; i < ghosts->held_count; i++)
    if (ghosts->held[i].until < due)
      due = ghosts->held[i].until;
  return due;
}
