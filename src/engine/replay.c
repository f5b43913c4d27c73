#include <stdio.h>
#include <string.h>

#include <sndfile.h>

#include "dt/chart_file.h"
#include "dt/file.h"
#include "dt/past_text.h"
#include "scan.h"
#include "session_internal.h"

#define FILE_MAX ((size_t)64 << 20)

/* What the decisions are compared with, and who listens. */
typedef struct replay {
  const char* folder;
  dt__journal_head head;
  dt_plan plan;
  dt_chart charts[DT_PLAN_EXERCISES_MAX];
  int chart_count;
  dt_past* past;
  size_t past_count;
  dt_buffer kit_map;
  dt_buffer events;
  dt_buffer decisions;
  size_t compared; /* bytes of decisions */
  size_t line;
  bool differs;
  bool is_whole; /* events.txt was ended, not cut off */
  SNDFILE* sound;
  dt__hearing hearing;
  dt_session_lead_fn on_lead;
  void* context;
  dt_error* err;
} replay;

static dt_status read_file(const replay* r, const char* name, dt_buffer* buffer) {
  char path[1200];
  snprintf(path, sizeof path, "%s/%s", r->folder, name);
  dt_error own = {0};
  const dt_status status = dt_file_read(buffer, path, FILE_MAX, &own);
  return status == DT_OK ? DT_OK : dt_fail(r->err, status, "%s: %.200s", name, own.sentence);
}

static dt_status read_head(replay* r) {
  dt_buffer text = {0};
  const dt_status status = read_file(r, "session.txt", &text);
  if (status != DT_OK)
    return status;
  char copy[1024];
  snprintf(copy, sizeof copy, "%.*s", (int)(text.size < 1000 ? text.size : 1000),
           (const char*)text.bytes);
  dt_buffer_clear(&text);
  bool has_kit_map = false;
  if (!dt__journal_head_parse(copy, &r->head, &has_kit_map))
    return dt_fail(r->err, DT_BAD_DATA, "session.txt is not a session's");
  return has_kit_map ? read_file(r, "kit.txt", &r->kit_map) : DT_OK;
}

static dt_status read_plan(replay* r) {
  dt_buffer text = {0};
  dt_status status = read_file(r, "plan.txt", &text);
  if (status == DT_OK)
    status = dt_plan_parse(&r->plan, (const char*)text.bytes, text.size, r->err);
  dt_buffer_clear(&text);
  for (int i = 0; status == DT_OK && i < r->plan.count; i++) {
    char path[1200];
    snprintf(path, sizeof path, "%s/chart-%d.txt", r->folder, i + 1);
    status = dt_chart_load(&r->charts[i], NULL, path, r->err);
    r->chart_count += status == DT_OK;
  }
  return status;
}

static dt_status read_past(replay* r) {
  dt_buffer text = {0};
  dt_status status = read_file(r, "past.txt", &text);
  const char* at = (const char*)text.bytes;
  const char* end = at ? at + text.size : at;
  while (status == DT_OK && at < end) {
    const char* stop = memchr(at, '\n', (size_t)(end - at));
    dt_past* more =
        dt_resize(NULL, r->past, r->past_count * sizeof *more, (r->past_count + 1) * sizeof *more);
    if (!more)
      status = DT_NO_MEMORY;
    else {
      r->past = more;
      if (!stop || !dt_past_read(at, &r->past[r->past_count]))
        status =
            dt_fail(r->err, DT_BAD_DATA, "past.txt, line %zu is no history", r->past_count + 1);
      else
        r->past_count++;
    }
    at = stop ? stop + 1 : end;
  }
  dt_buffer_clear(&text);
  return status;
}

static void compare(void* context, const dt_lead* lead, const char* text) {
  replay* r = context;
  const size_t length = strlen(text);
  const char* was = (const char*)r->decisions.bytes + r->compared;
  const size_t left = r->decisions.size - r->compared;
  r->line++;
  if (!r->differs && left > 0) {
    /* A session that was cut off ends somewhere in a line. */
    const size_t shared = left < length + 1 ? left : length + 1;
    const bool same = memcmp(was, text, shared < length ? shared : length) == 0 &&
                      (shared <= length || was[length] == '\n');
    if (!same) {
      r->differs = true;
      (void)dt_fail(
          r->err, DT_BAD_DATA, "Decision %zu differs: now '%.90s', then '%.*s'", r->line, text,
          (int)(left < 90 ? strcspn(was, "\n") % (left + 1) : strcspn(was, "\n") % 90), was);
    }
    r->compared += shared;
  }
  if (r->on_lead)
    r->on_lead(r->context, lead, text);
}

/* Sound, or silence where it was recorded less than was heard, up to a frame. */
static dt_status hear_until(replay* r, dt_frame until) {
  float mono[4096];
  while (r->hearing.position < until && !r->hearing.is_over) {
    dt_frame count = until - r->hearing.position;
    count = count < 4096 ? count : 4096;
    memset(mono, 0, sizeof mono);
    if (r->sound) {
      int samples[4096];
      const sf_count_t got = sf_readf_int(r->sound, samples, count);
      for (sf_count_t i = 0; i < got; i++)
        mono[i] = (float)(samples[i] / 256) / 8388608.0F;
    }
    const dt_status status = dt__hear_sound(&r->hearing, mono, count, r->err);
    if (status != DT_OK)
      return status;
  }
  return DT_OK;
}

static dt_status bad_line(const replay* r, size_t line) {
  return dt_fail(r->err, DT_BAD_DATA, "events.txt, line %zu cannot be read", line);
}

/* What a line says; the numbers behind its frame. */
typedef struct event_line {
  char word[16];
  int64_t at;
  int64_t v[4];
  int count;
} event_line;

static bool parse_line(const char* text, event_line* line) {
  const int64_t most = (int64_t)1 << 53;
  const char* at = text;
  *line = (event_line){.count = 0};
  if (!dt__scan_name(&at, line->word, sizeof line->word) ||
      !dt__scan_whole(&at, 0, most, &line->at))
    return false;
  while (line->count < 4 && dt__scan_whole(&at, -most, most, &line->v[line->count]))
    line->count++;
  return dt__scan_end(&at);
}

static bool is_event(const event_line* line, const char* word, int count) {
  return strcmp(line->word, word) == 0 && line->count == count;
}

static dt_status play_event(replay* r, const char* text, size_t number) {
  event_line line;
  if (!parse_line(text, &line) || line.at < r->hearing.position)
    return bad_line(r, number);
  dt_status status = hear_until(r, line.at);
  if (status != DT_OK || r->hearing.is_over)
    return status;
  if (is_event(&line, "midi", 4)) {
    const uint8_t bytes[3] = {(uint8_t)line.v[1], (uint8_t)line.v[2], (uint8_t)line.v[3]};
    return dt__hear_midi(&r->hearing, line.at, bytes, (int)line.v[0]);
  }
  if (is_event(&line, "key", 1)) {
    dt_leader_press(r->hearing.leader, (dt_leader_key)line.v[0]);
    return DT_OK;
  }
  if (is_event(&line, "transport", 3) && (line.v[2] >= 0 && line.v[2] <= 1000000000)) {
    dt__hear_transport(&r->hearing, line.v[0] != 0, line.v[1], (double)line.v[2] * 1e-6);
    return DT_OK;
  }
  if (is_event(&line, "gap", 1) && line.v[0] >= 0 && line.v[0] < ((dt_frame)1 << 40))
    return dt__hear_gap(&r->hearing, line.v[0], r->err);
  r->is_whole = is_event(&line, "end", 0);
  return r->is_whole || is_event(&line, "heard", 0) ? DT_OK : bad_line(r, number);
}

static dt_status play_events(replay* r) {
  const char* at = (const char*)r->events.bytes;
  const char* end = at + r->events.size;
  dt_status status = DT_OK;
  for (size_t line = 1; status == DT_OK && at < end; line++) {
    const char* stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop)
      break; /* cut off */
    char text[160];
    snprintf(text, sizeof text, "%.*s", (int)(stop - at < 150 ? stop - at : 150), at);
    status = play_event(r, text, line);
    at = stop + 1;
  }
  return status;
}

static dt_status begin(replay* r) {
  dt_status status = read_head(r);
  if (status == DT_OK)
    status = read_plan(r);
  if (status == DT_OK)
    status = read_past(r);
  if (status == DT_OK)
    status = read_file(r, "events.txt", &r->events);
  if (status == DT_OK)
    status = read_file(r, "decisions.txt", &r->decisions);
  if (status == DT_OK && r->head.sound) {
    char path[1200];
    snprintf(path, sizeof path, "%s/sound.flac", r->folder);
    SF_INFO about = {0};
    r->sound = sf_open(path, SFM_READ, &about);
    if (!r->sound)
      status = dt_fail(r->err, DT_BAD_DATA, "sound.flac: %s", sf_strerror(NULL));
  }
  if (status == DT_OK)
    status =
        dt__hearing_begin(&r->hearing, NULL, r->head.sound,
                          &(dt__kit){r->head.kit, (const char*)r->kit_map.bytes, r->kit_map.size},
                          r->head.rate_hz, r->err);
  const dt_leader_config config = {
      .rate_hz = r->head.rate_hz,
      .plan = &r->plan,
      .charts = r->charts,
      .past = r->past,
      .past_count = r->past_count,
      .options = {.seed = r->head.seed, .today = r->head.today},
      .heard = r->head.sound,
      .jitter_s = r->head.jitter_s,
      .latency_frames = r->head.latency_frames,
      .no_rest = r->head.no_rest,
      .sync = r->head.sync,
      .has_band_line = r->head.has_band,
  };
  r->hearing.has_clock = config.sync == DT_SYNC_MIDI_CLOCK;
  if (status == DT_OK) {
    status = dt_leader_new(&r->hearing.leader, NULL, &config);
    if (status != DT_OK)
      (void)dt_fail(r->err, status, "The session cannot be begun again");
  }
  return status;
}

dt_status dt_session_replay(const char* folder, dt_session_lead_fn on_lead, void* context,
                            bool* same, dt_error* err) {
  *same = false;
  replay* r = dt_alloc_zero(NULL, sizeof *r);
  if (!r)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the session");
  r->folder = folder;
  r->on_lead = on_lead;
  r->context = context;
  r->err = err;
  r->hearing.on_lead = compare;
  r->hearing.context = r;
  dt_status status = begin(r);
  if (status == DT_OK)
    status = play_events(r);
  /* Of a session that was cut off, decisions may be on the disk whose events are not. */
  if (status == DT_OK)
    *same = !r->differs && (r->compared == r->decisions.size || !r->is_whole);
  if (status == DT_OK && !r->differs && !*same)
    (void)dt_fail(err, DT_BAD_DATA, "Decision %zu is missing now", r->line + 1);
  dt_leader_free(r->hearing.leader);
  dt_ear_free(r->hearing.ear);
  if (r->sound)
    sf_close(r->sound);
  for (int i = 0; i < r->chart_count; i++)
    dt_chart_clear(&r->charts[i], NULL);
  dt_release(NULL, r->past, r->past_count * sizeof *r->past);
  dt_buffer_clear(&r->kit_map);
  dt_buffer_clear(&r->events);
  dt_buffer_clear(&r->decisions);
  dt_release(NULL, r, sizeof *r);
  return status;
}
