#include <math.h>
#include <stdio.h>

#include "beaten_internal.h"
#include "report_internal.h"
#include "study_json.h"

enum { S_DECIMALS = 6, BPM_DECIMALS = 4, PART_DECIMALS = 4 };

static const char* meter_text(char* text, size_t size, dt_meter meter) {
  snprintf(text, size, "%d/%d", meter.numerator, meter.denominator);
  return text;
}

static void put_meter(dt_json* json, const char* key, dt_meter meter) {
  char text[32];
  dt_json_string(json, key, meter.numerator > 0 ? meter_text(text, sizeof text, meter) : NULL);
}

static void put_tempo(dt_json* json, const dt_beat_track* track) {
  const bool has_beats = track->beat_count > 0;
  dt_json_begin_object(json, "tempo");
  dt_json_number(json, "bpm", has_beats ? track->bpm : (double)NAN, BPM_DECIMALS);
  dt_json_number(json, "low_bpm", dt_beaten_quantile_bpm(track, 0.05), BPM_DECIMALS);
  dt_json_number(json, "high_bpm", dt_beaten_quantile_bpm(track, 0.95), BPM_DECIMALS);
  dt_json_number(json, "probability", has_beats ? track->tempo_probability : (double)NAN,
                 PART_DECIMALS);
  dt_json_begin_array(json, "alternatives");
  for (size_t k = 0; k < track->alternative_count && has_beats; ++k) {
    const dt_beat_alternative* other = &track->alternatives[k];
    dt_json_begin_object(json, NULL);
    dt_json_number(json, "bpm", other->bpm, BPM_DECIMALS);
    dt_json_number(json, "ratio", other->ratio, PART_DECIMALS);
    dt_json_number(json, "probability", other->probability, PART_DECIMALS);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
  dt_json_end_object(json);
}

static void put_meters(dt_json* json, const dt_beat_track* track) {
  const bool has_beats = track->beat_count > 0;
  char text[32];
  dt_json_begin_object(json, "metre");
  put_meter(json, "metre", has_beats ? track->meter : (dt_meter){0, 0});
  dt_json_begin_object(json, "probabilities");
  for (int k = 0; k < DT_BEAT_METERS; ++k)
    dt_json_number(json, meter_text(text, sizeof text, dt_beat_meters[k]),
                   has_beats ? track->meter_probability[k] : (double)NAN, PART_DECIMALS);
  dt_json_end_object(json);
  dt_json_number(json, "downbeat_probability",
                 has_beats ? track->downbeat_probability : (double)NAN, PART_DECIMALS);
  dt_json_end_object(json);
}

static void put_span(dt_json* json, const dt_beat_track* track, size_t first, size_t end) {
  dt_json_number(json, "start_s", track->beats[first].time_s, S_DECIMALS);
  dt_json_number(json, "end_s", dt__beaten_end_s(track, end), S_DECIMALS);
  dt_json_int(json, "first_beat", (int64_t)first);
  dt_json_int(json, "beat_count", (int64_t)(end - first));
  dt_json_int(json, "bar", dt__beaten_bar(track, first));
}

static void put_sections(dt_json* json, const dt_beat_track* track, bool is_live) {
  dt_json_begin_array(json, "sections");
  for (size_t k = 0; k < track->section_count && track->beat_count > 0; ++k) {
    const dt_beat_section* section = &track->sections[k];
    dt_json_begin_object(json, NULL);
    put_span(json, track, section->first, section->first + section->count);
    dt_json_number(json, "bpm", section->bpm, BPM_DECIMALS);
    put_meter(json, "metre", section->meter);
    dt_json_string(json, "feel", is_live ? NULL : dt_beat_feel_name(section->feel));
    dt_json_string(json, "span", is_live ? NULL : dt_beat_span_name(section->span));
    dt_json_number(json, "swing_ratio", is_live ? (double)NAN : section->swing_ratio,
                   PART_DECIMALS);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_fills(dt_json* json, const dt_beat_track* track) {
  size_t first = 0;
  dt_json_begin_array(json, "fills");
  for (size_t end = 0; (end = dt_beaten_next_fill(track, end, &first)) > 0;) {
    dt_json_begin_object(json, NULL);
    put_span(json, track, first, end);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_beats(dt_json* json, const dt_beaten* beaten) {
  const dt_beat_track* track = beaten->track;
  const dt_beaten_live* live = beaten->live;
  dt_json_begin_array(json, "beats");
  for (size_t k = 0; k < track->beat_count && !json->failed; ++k) {
    const dt_beat* beat = &track->beats[k];
    dt_json_begin_object(json, NULL);
    dt_json_number(json, "time_s", beat->time_s, S_DECIMALS);
    dt_json_int(json, "beat_in_bar", beat->in_bar);
    dt_json_int(json, "bar", dt__beaten_bar(track, k));
    dt_json_number(json, "bpm", beat->bpm, BPM_DECIMALS);
    if (live != NULL) {
      dt_json_number(json, "made_s", live->calls[k].made_s + live->latency_s, S_DECIMALS);
      dt_json_number(json, "confidence", live->calls[k].confidence, PART_DECIMALS);
      dt_json_bool(json, "locked", live->calls[k].is_locked);
    } else {
      dt_json_number(json, "bpm_sd", beat->bpm_sd, BPM_DECIMALS);
      dt_json_number(json, "time_sd_ms", 1e3 * beat->time_sd_s, 3);
      dt_json_bool(json, "fill", beat->is_fill);
      dt_json_number(json, "strength", (double)beat->strength, PART_DECIMALS);
    }
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_bins(dt_json* json, const dt_swing_voice* voice) {
  dt_json_begin_object(json, "distribution");
  dt_json_number(json, "first_share", DT_SWING_BIN_FIRST, PART_DECIMALS);
  dt_json_number(json, "share_width", DT_SWING_BIN_WIDTH, PART_DECIMALS);
  dt_json_begin_array(json, "pair_counts");
  for (int k = 0; k < DT_SWING_BINS; ++k)
    dt_json_int(json, NULL, (int64_t)voice->bins[k]);
  dt_json_end_array(json);
  dt_json_end_object(json);
}

static void put_pairs(dt_json* json, const dt_beat_swing* measured) {
  dt_json_begin_array(json, "pairs");
  for (size_t k = 0; k < measured->pair_count && !json->failed; ++k) {
    const dt_beat_pair* pair = &measured->pairs[k];
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "beat", (int64_t)pair->beat);
    dt_json_string(json, "voice", dt_voice_name(pair->voice));
    dt_json_number(json, "ratio", dt_swing_ratio_of_share(pair->share), PART_DECIMALS);
    dt_json_number(json, "short_ms", pair->short_ms, 3);
    dt_json_number(json, "bpm", pair->bpm, BPM_DECIMALS);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_swing(dt_json* json, const dt_beat_swing* measured) {
  const dt_swing* swing = &measured->swing;
  dt_json_begin_object(json, "swing");
  dt_json_int(json, "pair_ticks", (int64_t)swing->pair);
  dt_json_number(json, "norm_ratio", swing->norm_ratio, PART_DECIMALS);
  dt_json_number(json, "norm_short_ms", swing->norm_short_ms, 3);
  dt__json_swing_voice(json, "all", &swing->all);
  put_bins(json, &swing->all);
  dt_json_begin_array(json, "voices");
  for (size_t k = 0; k < swing->voice_count; ++k)
    dt__json_swing_voice(json, NULL, &swing->voices[k]);
  dt_json_end_array(json);
  put_pairs(json, measured);
  dt_json_end_object(json);
}

static void put_live(dt_json* json, const dt_beaten_live* live) {
  if (live == NULL) {
    dt_json_null(json, "live");
    return;
  }
  dt_json_begin_object(json, "live");
  dt_json_number(json, "lock_s", live->lock_s, S_DECIMALS);
  dt_json_number(json, "lock_bars", live->lock_bars, PART_DECIMALS);
  dt_json_number(json, "least_notice_beats", live->least_notice_beats, PART_DECIMALS);
  dt_json_number(json, "latency_s", live->latency_s, S_DECIMALS);
  dt_json_bool(json, "locked_at_end", live->last->is_locked);
  dt_json_int(json, "late_strokes", (int64_t)live->last->late_strokes);
  dt_json_int(json, "dropped_strokes", (int64_t)live->last->dropped_strokes);
  dt_json_end_object(json);
}

static void put_sound(dt_json* json, const dt_beaten* beaten) {
  if (beaten->format == NULL) {
    dt_json_null(json, "sound");
    return;
  }
  dt_json_begin_object(json, "sound");
  dt_json_string(json, "format", beaten->format);
  dt_json_int(json, "rate_hz", beaten->rate_hz);
  dt_json_int(json, "channels", beaten->channels);
  dt_json_end_object(json);
}

dt_status dt_beaten_json(const dt_take* take, const dt_beaten* beaten, dt_sink sink) {
  dt_json json = {.sink = sink};
  const dt_beat_track* track = beaten->track;
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "schema", "doubletime.beats/1");
  dt_json_string(&json, "version", beaten->version);
  dt_json_string(&json, "file", dt__base_name(beaten->file));
  dt_json_string(&json, "source", take->source == DT_TAKE_SOUND ? "sound" : "midi");
  dt_json_string(&json, "mode", beaten->live != NULL ? "live" : "offline");
  dt_json_number(&json, "duration_s", take->duration_s, S_DECIMALS);
  put_sound(&json, beaten);
  dt_json_int(&json, "stroke_count", (int64_t)take->strokes.count);
  dt_json_number(&json, "pulse_probability", track->pulse_probability, PART_DECIMALS);
  dt_json_bool(&json, "has_pulse", track->beat_count > 0);
  put_tempo(&json, track);
  put_meters(&json, track);
  put_live(&json, beaten->live);
  put_sections(&json, track, beaten->live != NULL);
  put_fills(&json, track);
  put_swing(&json, beaten->swing);
  dt_json_int(&json, "beat_count", (int64_t)track->beat_count);
  put_beats(&json, beaten);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}
