#include <math.h>

#include "study_json.h"

/* The full judgement in JSON: one object a measure, each number with its interval. */

static void put_practise(dt_json* json, const dt_practise* practise) {
  dt_json_begin_array(json, "practise");
  for (int i = 0; i < practise->count; i++) {
    const dt_practise_line* line = &practise->lines[i];
    dt_json_begin_object(json, NULL);
    dt_json_string(json, "weakness", dt_weakness_name(line->weakness));
    dt_json_string(json, "voice", line->voice < DT_VOICE_COUNT ? dt_voice_name(line->voice) : NULL);
    dt_json_string(json, "text", line->text);
    dt_json_number(json, "severity", line->severity, 3);
    dt_json_begin_array(json, "bars");
    for (int b = 0; b < line->bar_count; b++)
      dt_json_int(json, NULL, line->bars[b]);
    dt_json_end_array(json);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_curve(dt_json* json, const dt_tempo_curve* curve) {
  dt_json_begin_array(json, "tempo_curve");
  for (size_t i = 0; i < curve->count; i++) {
    const dt_tempo_point* p = &curve->items[i];
    dt_json_begin_object(json, NULL);
    dt_json_number(json, "beat", p->beat, 3);
    dt_json_number(json, "time_s", p->time_s, 6);
    dt_json_number(json, "bpm", p->bpm, 3);
    dt_json_number(json, "low", p->low_bpm, 3);
    dt_json_number(json, "high", p->high_bpm, 3);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

void dt__json_swing_voice(dt_json* json, const char* key, const dt_swing_voice* voice) {
  dt_json_begin_object(json, key);
  if (voice->voice < DT_VOICE_COUNT)
    dt_json_string(json, "voice", dt_voice_name(voice->voice));
  dt_json_int(json, "pair_count", (int64_t)voice->pair_count);
  dt__json_estimate(json, "share", &voice->share, 4);
  dt__json_estimate(json, "ratio", &voice->ratio, 4);
  dt__json_estimate(json, "median_ratio", &voice->median_ratio, 4);
  dt__json_estimate(json, "spread", &voice->spread, 4);
  dt__json_estimate(json, "short_ms", &voice->short_ms, 3);
  dt__json_estimate(json, "long_ms", &voice->long_ms, 3);
  dt_json_end_object(json);
}

static void put_swing(dt_json* json, const dt_swing* swing) {
  static const char* const NAME[4] = {"one", "e", "and", "a"};
  dt_json_begin_object(json, "swing");
  dt_json_int(json, "pair_ticks", (int64_t)swing->pair);
  dt_json_number(json, "norm_ratio", swing->norm_ratio, 3);
  dt_json_number(json, "norm_short_ms", swing->norm_short_ms, 3);
  dt__json_swing_voice(json, "all", &swing->all);
  dt_json_begin_array(json, "voices");
  for (size_t i = 0; i < swing->voice_count; i++)
    dt__json_swing_voice(json, NULL, &swing->voices[i]);
  dt_json_end_array(json);
  dt_json_begin_object(json, "sixteenths");
  for (int k = 0; k < 4; k++)
    dt__json_estimate(json, NAME[k], &swing->sixteenths_all.deviation_ms[k], 3);
  dt__json_estimate(json, "uneven_ms", &swing->sixteenths_all.uneven_ms, 3);
  dt_json_end_object(json);
  dt_json_end_object(json);
}

static void put_unison(dt_json* json, const dt_unison* unison) {
  dt_json_begin_object(json, "unison");
  dt__json_estimate(json, "spread_ms", &unison->spread_ms, 3);
  dt_json_begin_array(json, "pairs");
  for (size_t i = 0; i < unison->pair_count; i++) {
    const dt_unison_pair* pair = &unison->pairs[i];
    dt_json_begin_object(json, NULL);
    dt_json_string(json, "first", dt_voice_name(pair->first));
    dt_json_string(json, "second", dt_voice_name(pair->second));
    dt_json_int(json, "count", (int64_t)pair->count);
    dt__json_estimate(json, "lead_ms", &pair->lead_ms, 3);
    dt__json_estimate(json, "spread_ms", &pair->spread_ms, 3);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
  dt_json_end_object(json);
}

static void put_places(dt_json* json, const dt_places* places) {
  dt_json_begin_array(json, "places");
  for (size_t i = 0; i < places->place_count; i++) {
    const dt_place* place = &places->places[i];
    dt_json_begin_object(json, NULL);
    dt_json_string(json, "voice", dt_voice_name(place->voice));
    dt_json_string(json, "name", place->name);
    dt_json_int(json, "bar_tick", place->bar_tick);
    dt_json_int(json, "count", (int64_t)place->count);
    dt__json_estimate(json, "offset_ms", &place->offset_ms, 3);
    dt__json_estimate(json, "offset_click_ms", &place->offset_click_ms, 3);
    dt__json_estimate(json, "scatter_ms", &place->scatter_ms, 3);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_fills(dt_json* json, const dt_places* places) {
  dt_json_begin_object(json, "fills");
  dt_json_int(json, "count", (int64_t)places->fills.count);
  dt__json_estimate(json, "gain_bpm", &places->fills.gain_bpm, 4);
  dt__json_estimate(json, "inside_bpm", &places->fills.inside_bpm, 4);
  dt__json_estimate(json, "placement_ms", &places->fills.placement_ms, 3);
  dt__json_estimate(json, "scatter_ratio", &places->fills.scatter_ratio, 4);
  dt_json_end_object(json);
  dt_json_begin_object(json, "sections");
  dt_json_int(json, "change_count", (int64_t)places->change_count);
  dt__json_estimate(json, "change_bpm", &places->change_bpm, 4);
  dt_json_end_object(json);
}

static void put_hands(dt_json* json, const dt_hands* hands) {
  dt_json_begin_object(json, "hands");
  dt_json_begin_array(json, "limbs");
  for (size_t i = 0; i < hands->limb_count; i++) {
    const dt_limb_timing* limb = &hands->limbs[i];
    dt_json_begin_object(json, NULL);
    dt_json_string(json, "limb", dt_limb_name(limb->limb));
    dt_json_int(json, "count", (int64_t)limb->count);
    dt__json_estimate(json, "offset_ms", &limb->offset_ms, 3);
    dt__json_estimate(json, "scatter_ms", &limb->scatter_ms, 3);
    dt__json_estimate(json, "level_db", &limb->level_db, 3);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
  dt__json_estimate(json, "left_later_ms", &hands->left_right.later_ms, 3);
  dt__json_estimate(json, "left_scatter_ratio", &hands->left_right.scatter_ratio, 4);
  dt__json_estimate(json, "left_louder_db", &hands->left_right.louder_db, 3);
  dt_json_end_object(json);
}

static void put_timekeeper(dt_json* json, const dt_study* study) {
  const dt_timekeeper* t = &study->timekeeper;
  dt_json_begin_object(json, "timekeeper");
  dt_json_int(json, "beat_count", (int64_t)t->beat_count);
  dt__json_estimate(json, "correction", &t->correction, 4);
  dt__json_estimate(json, "clock_ms", &t->clock_ms, 3);
  dt__json_estimate(json, "motor_ms", &t->motor_ms, 3);
  dt__json_estimate(json, "longrange_exponent", &study->longrange.exponent, 3);
  dt_json_end_object(json);
}

void dt__json_study(dt_json* json, const dt_study* study) {
  dt_json_begin_object(json, "study");
  put_practise(json, &study->practise);
  put_curve(json, &study->curve);
  put_swing(json, &study->swing);
  put_unison(json, &study->unison);
  put_places(json, &study->places);
  put_fills(json, &study->places);
  put_hands(json, &study->hands);
  dt__json_touch(json, study);
  put_timekeeper(json, study);
  dt_json_end_object(json);
}
