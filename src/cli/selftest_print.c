#include <inttypes.h>
#include <math.h>

#include "dt/json.h"
#include "paper.h"
#include "selftest.h"

static void put_exactness(dt__paper* paper, const char* name, const dt__exactness* e) {
  dt__write(paper, "%-14s%7zu%8zu%7zu%7zu%10zu%+11.3f%12.3f   %s\n", name, e->played, e->missed,
            e->extra, e->named, e->doubled, e->bias_ms + 0.0, e->jitter_ms,
            e->good ? "ok" : "OUT OF BOUNDS");
}

static void put_trial(dt__paper* paper, const dt__trial* t) {
  dt__write(paper, "%-28s%+8.2f%+9.2f  (%+.2f to %+.2f) %s   %s\n", t->name, t->truth,
            t->found.value, t->found.low, t->found.high, t->unit, t->good ? "ok" : "NOT RECOVERED");
}

dt_status dt__selftest_text(const dt__selftest* result, bool utf8, dt_sink sink) {
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper, "%s %s  own bias %+.3f ms, own jitter %.3f ms\n\n",
            result->good ? (utf8 ? "\u25cf" : "o") : (utf8 ? "\u25c6" : "x"),
            result->good ? "THE INSTRUMENT IS TRUE" : "THE INSTRUMENT IS OFF", result->all.bias_ms,
            result->all.jitter_ms);
  dt__write(&paper, "%-14s%7s%8s%7s%7s%10s%11s%12s\n", "the ear", "played", "missed", "extra",
            "named", "2nd drum", "bias, ms", "jitter, ms");
  for (size_t i = 0; i < result->drum_count; i++)
    put_exactness(&paper, dt_drum_name(result->drums[i].drum), &result->drums[i]);
  put_exactness(&paper, "all", &result->all);
  dt__write(&paper, "\n%-28s%8s%9s  (95 %% interval)\n", "the judge", "put in", "found");
  for (size_t i = 0; i < result->trial_count; i++)
    put_trial(&paper, &result->trials[i]);
  dt__write(&paper,
            "\nSound at %d Hz over noise at %d dBFS, seed %" PRIu64
            ". Bias: median of heard minus\n"
            "played; negative = early. Jitter: robust SD (IQR / 1.349). Named: heard as its\n"
            "own voice; 2nd drum: another heard with it. Bounds: bias below %.1f ms, jitter\n"
            "below %.1f ms, nothing missed, each truth inside its interval.\n",
            result->rate_hz, DT__NOISE_DBFS, result->seed, DT__BIAS_LIMIT_MS, DT__JITTER_LIMIT_MS);
  return paper.status;
}

static void json_exactness(dt_json* json, const dt__exactness* e) {
  dt_json_int(json, "played", (int64_t)e->played);
  dt_json_int(json, "missed", (int64_t)e->missed);
  dt_json_int(json, "extra", (int64_t)e->extra);
  dt_json_int(json, "named", (int64_t)e->named);
  dt_json_int(json, "doubled", (int64_t)e->doubled);
  dt_json_number(json, "bias_ms", e->bias_ms, 4);
  dt_json_number(json, "jitter_ms", e->jitter_ms, 4);
  dt_json_bool(json, "good", e->good);
}

dt_status dt__selftest_json(const dt__selftest* result, dt_sink sink) {
  char seed[24];
  snprintf(seed, sizeof seed, "%" PRIu64, result->seed);
  dt_json json = {.sink = sink};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "schema", "doubletime.selftest/1");
  dt_json_string(&json, "version", DT__VERSION);
  dt_json_string(&json, "seed", seed); /* text: 64 bits do not fit a JSON reader's double */
  dt_json_int(&json, "rate_hz", result->rate_hz);
  dt_json_int(&json, "noise_dbfs", DT__NOISE_DBFS);
  dt_json_bool(&json, "good", result->good);
  dt_json_begin_object(&json, "all");
  json_exactness(&json, &result->all);
  dt_json_end_object(&json);
  dt_json_begin_array(&json, "drums");
  for (size_t i = 0; i < result->drum_count; i++) {
    dt_json_begin_object(&json, NULL);
    dt_json_string(&json, "drum", dt_drum_name(result->drums[i].drum));
    json_exactness(&json, &result->drums[i]);
    dt_json_end_object(&json);
  }
  dt_json_end_array(&json);
  dt_json_begin_array(&json, "judge");
  for (size_t i = 0; i < result->trial_count; i++) {
    const dt__trial* t = &result->trials[i];
    dt_json_begin_object(&json, NULL);
    dt_json_string(&json, "name", t->name);
    dt_json_string(&json, "unit", t->unit);
    dt_json_number(&json, "truth", t->truth, 4);
    dt_json_number(&json, "found", t->found.value, 4);
    dt_json_number(&json, "low", t->found.low, 4);
    dt_json_number(&json, "high", t->found.high, 4);
    dt_json_bool(&json, "good", t->good);
    dt_json_end_object(&json);
  }
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}
