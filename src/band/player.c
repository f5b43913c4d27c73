#include "band_internal.h"
#include "dt/meter.h"

#include "dt/rt_poison.h" /* last: see there */

#define MIDI_CLOCK ((dt__place)40 * DT__PLACES_PER_TICK) /* 24 a quarter */

static int64_t first_clock_from(dt__place place) {
  return -(int64_t)dt__floor_div(-(dt__wide)place, MIDI_CLOCK);
}

static dt__moment moment_now(const dt_band* band) {
  return dt__moment_of_frame(band->now);
}

void dt__player_start(dt_band* band, const dt_band_start* start, dt__moment moment) {
  if (band->music.playing)
    dt__player_stop(band, moment);
  dt__music* m = &band->music;
  *m = (dt__music){.playing = true, .fresh = true, .start = *start, .song_bar = -1};
  const dt_band_song* song = start->song;
  if (song && start->bar_count == 0)
    m->start.bar_count = song->bar_count - start->first_bar;
  m->times_left = start->times;
  m->meter = song ? song->bars[start->first_bar].meter : start->meter;
  m->base_nano_bpm = start->bpm == 0 && song ? song->tempi[0].nano_bpm : dt__nano_bpm(start->bpm);
  m->bar = -start->count_in_bars - 1;
  m->bar_end = -start->count_in_bars * dt__place_of(dt_meter_bar_ticks(m->meter));
  m->bar_place = m->bar_end;
  m->last_click = INT64_MIN;
  m->origin = dt__frame_of(moment);
  m->clock = (dt__clock){band->config.rate_hz, dt__tempo_now(m), m->bar_end, moment};
  m->follower = band->midi_clock ? DT__MIDI_WAITS : DT__MIDI_OFF;
  m->midi_clock = first_clock_from(m->bar_end);
  band->click_turn = dt__turn_of(&band->click_turn.bars);
  band->drums_turn = dt__turn_of(&band->drums_turn.bars);
  band->next_known = false;
  dt_band_event event = dt__event_at(band, DT_BAND_STARTED, moment);
  event.bar++;
  dt__tell(band, &event);
}

void dt__player_stop(dt_band* band, dt__moment moment) {
  dt__music* m = &band->music;
  if (!m->playing)
    return;
  dt_band_event event = dt__event_at(band, DT_BAND_STOPPED, moment);
  dt__tell(band, &event);
  if (m->follower == DT__MIDI_RUNS)
    dt__tell_midi(band, event.frame, 0xFC);
  m->playing = false;
  band->next_known = false;
  if (m->start.song == NULL)
    return;
  event.kind = DT_BAND_RELEASED;
  event.song = m->start.song;
  dt__tell(band, &event);
}

static void set_tempo(dt_band* band, dt__place place, dt__moment moment) {
  dt__music* m = &band->music;
  const int64_t nano_bpm = dt__tempo_now(m);
  if (nano_bpm != m->clock.nano_bpm)
    dt__clock_set(&m->clock, place, nano_bpm);
  if (nano_bpm == m->told_nano_bpm)
    return;
  m->told_nano_bpm = nano_bpm;
  dt_band_event event = dt__event_at(band, DT_BAND_TEMPO_SET, moment);
  event.tick = dt__tick_of(place);
  dt__tell(band, &event);
}

void dt__player_tempo(dt_band* band, double bpm, int ramp_bars, dt__moment moment) {
  dt__music* m = &band->music;
  const dt__place place = dt__clock_place(&m->clock, moment);
  const dt__place bar = dt__place_of(dt_meter_bar_ticks(m->meter));
  dt__tempo_aim(m, place, dt__nano_bpm(bpm), ramp_bars * bar);
  band->next_known = false;
  if (!m->at_line && !m->fresh)
    set_tempo(band, place, moment);
}

/* The rest of this bar by the new pattern: what is still to come, and was not heard yet. */
void dt__player_click(dt_band* band) {
  dt__music* m = &band->music;
  if (!m->playing || m->at_line || m->fresh)
    return;
  const dt__moment half = dt__moment_of_frame(1) / 2;
  const dt__place from = dt__clock_place(&m->clock, moment_now(band) - half) - m->bar_place;
  const dt__place heard = m->last_click - m->bar_place;
  m->pattern = dt__click_pattern_of(&band->click, m->meter, m->bar < 0);
  m->spot = (dt__spot){0};
  m->click_number = 0;
  while (m->spot.beat < m->pattern.beat_count) {
    const dt__place place = dt__pattern_place(&m->pattern, &m->spot);
    if (place >= from && (m->last_click == INT64_MIN || place > heard))
      break;
    dt__pattern_next(&m->pattern, &m->spot);
    m->click_number++;
  }
  band->next_known = false;
}

void dt__player_midi(dt_band* band, bool on) {
  dt__music* m = &band->music;
  band->midi_clock = on;
  band->next_known = false;
  if (!m->playing || on == (m->follower != DT__MIDI_OFF))
    return;
  if (m->follower == DT__MIDI_RUNS)
    dt__tell_midi(band, band->now, 0xFC);
  m->follower = !on ? DT__MIDI_OFF : m->fresh ? DT__MIDI_WAITS : DT__MIDI_JOINS;
}

/* True when the song is over. */
static bool turn_page(dt__music* m) {
  if (m->start.song == NULL || m->bar < 0)
    return false;
  if (m->bar == 0) {
    m->song_bar = m->start.first_bar;
    return false;
  }
  if (m->song_bar + 1 < m->start.first_bar + m->start.bar_count) {
    m->song_bar++;
    return false;
  }
  if (m->start.times > 0 && --m->times_left == 0)
    return true;
  m->song_bar = m->start.first_bar;
  return false;
}

static void lead_follower(dt_band* band, dt_frame frame) {
  dt__music* m = &band->music;
  if (m->bar < 0 || (m->follower != DT__MIDI_WAITS && m->follower != DT__MIDI_JOINS))
    return;
  m->follower = DT__MIDI_RUNS;
  m->midi_clock = first_clock_from(m->bar_place);
  const dt__place before = m->start.song ? m->start.song->bars[m->start.first_bar].place : 0;
  const dt_tick sixteenths = dt__tick_of(m->bar_place + before) / 240;
  if (m->bar == 0 && before == 0) {
    dt__tell_midi(band, frame, 0xFA);
    return;
  }
  const unsigned place = sixteenths < 16383 ? (unsigned)sixteenths : 16383;
  dt__tell_midi(band, frame, 0xF2);
  dt__tell_midi(band, frame, place & 127);
  dt__tell_midi(band, frame, place >> 7);
  dt__tell_midi(band, frame, 0xFB);
}

static void open_bar(dt_band* band, dt__moment moment) {
  dt__music* m = &band->music;
  const dt_band_song* song = m->start.song;
  if (m->song_bar >= 0) {
    m->meter = song->bars[m->song_bar].meter;
    m->stroke = song->bars[m->song_bar].stroke;
    m->tempo = song->bars[m->song_bar].tempo;
    m->bar_end = m->bar_place + song->bars[m->song_bar + 1].place - song->bars[m->song_bar].place;
  } else {
    m->bar_end = m->bar_place + dt__place_of(dt_meter_bar_ticks(m->meter));
  }
  dt__tempo_step(m, m->bar_place);
  set_tempo(band, m->bar_place, moment);
  if (m->bar >= 0) {
    m->click_on = dt__turn_next(&band->click_turn);
    m->drums_on = dt__turn_next(&band->drums_turn);
  }
  m->pattern = dt__click_pattern_of(&band->click, m->meter, m->bar < 0);
  m->spot = (dt__spot){0};
  m->click_number = 0;
  const dt_band_event event = dt__event_at(band, DT_BAND_BAR, moment);
  lead_follower(band, event.frame);
  dt__tell(band, &event);
}

static void begin_bar(dt_band* band, dt__moment moment) {
  dt__music* m = &band->music;
  m->fresh = false;
  m->bar++;
  m->bar_place = m->bar_end;
  const bool over = turn_page(m);
  if (m->song_bar >= 0)
    m->meter = m->start.song->bars[m->song_bar].meter;
  m->at_line = true;
  dt__commands_at_bar(band, moment);
  m->at_line = false;
  if (m->fresh || !m->playing)
    return;
  if (over) {
    dt__player_stop(band, moment);
    dt__commands_forget(band);
    return;
  }
  open_bar(band, moment);
}

/* Well mixed bits of what is drawn (finalizer of splitmix64, G. Steele et al. 2014). */
static uint64_t mixed(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31);
}

static bool is_dropped(const dt_band* band) {
  const dt__music* m = &band->music;
  const uint64_t which = (uint64_t)m->bar * 1024 + (uint64_t)m->click_number;
  const uint64_t bits = mixed(band->click.drop_seed * 0x9E3779B97F4A7C15U + mixed(which + 1));
  return (double)(bits >> 11) * 0x1p-53 < band->click.drop;
}

static bool is_counted(const dt__music* m) {
  const int beats = m->pattern.beat_count;
  if (m->start.count_style != DT_BAND_COUNT_CLASSIC || m->bar != -2 || beats < 3 || beats % 2 != 0)
    return true;
  return m->spot.beat % (beats / 2) == 0;
}

static const dt__table* count_table(const dt_band* band) {
  const dt__music* m = &band->music;
  const int beat = m->spot.beat;
  if (!m->start.spoken)
    return &band->sounds.clicks[DT_BAND_WOODBLOCK][beat == 0 ? DT__ACCENT : DT__BEAT];
  const bool halves = m->start.count_style == DT_BAND_COUNT_CLASSIC && m->bar == -2 &&
                      m->pattern.beat_count % 2 == 0 && m->pattern.beat_count >= 3;
  const int word = halves && beat > 0 ? 1 : beat;
  return &band->sounds.words[word % DT__WORDS];
}

static const dt__table* click_table(const dt_band* band) {
  const dt__spot* spot = &band->music.spot;
  const bool accent = band->click.accents >> spot->beat & 1;
  const dt__pitch pitch = spot->sub > 0 ? DT__SUB : accent ? DT__ACCENT : DT__BEAT;
  return &band->sounds.clicks[band->click.sound][pitch];
}

static bool heard_if(dt_band* band, bool wanted) {
  if (wanted && band->skipping)
    band->counters.skipped++;
  return wanted && !band->skipping;
}

static float click_db(const dt_band_click* click, const dt__spot* spot) {
  if (spot->sub == 0)
    return click->beat_db[spot->beat];
  return click->sub_only == 0 || spot->sub == click->sub_only ? click->divide_db
                                                              : DT_BAND_SILENT_DB;
}

static void click(dt_band* band, dt__moment moment) {
  dt__music* m = &band->music;
  const bool count_in = m->bar < 0;
  const float db = click_db(&band->click, &m->spot);
  const float gain = count_in ? 1 : dt__gain_of_db((double)db);
  const bool wanted = count_in ? is_counted(m) : m->click_on && gain > 0 && !is_dropped(band);
  dt_band_event event = dt__event_at(band, DT_BAND_TICKED, moment);
  m->last_click = m->bar_place + dt__pattern_place(&m->pattern, &m->spot);
  event.beat = m->spot.beat;
  event.sub = m->spot.sub;
  event.tick = dt__tick_of(m->last_click);
  event.sounding = heard_if(band, wanted);
  if (event.sounding)
    dt__sound_click(band, count_in ? count_table(band) : click_table(band),
                    count_in ? DT_BAND_COUNT_IN : DT_BAND_CLICKS, gain, event.frame);
  dt__tell(band, &event);
  dt__pattern_next(&m->pattern, &m->spot);
  m->click_number++;
}

static dt__place stroke_place(const dt__music* m) {
  const dt_band_song* song = m->start.song;
  return m->bar_place + song->strokes[m->stroke].place - song->bars[m->song_bar].place;
}

static void stroke(dt_band* band, dt__moment moment) {
  dt__music* m = &band->music;
  const dt__song_stroke* s = &m->start.song->strokes[m->stroke];
  dt_band_event event = dt__event_at(band, DT_BAND_STROKE, moment);
  event.tick = dt__tick_of(stroke_place(m));
  event.drum = s->drum;
  event.velocity = s->velocity;
  event.sounding = heard_if(band, m->drums_on && dt__drum_sounds(band, s->drum));
  if (event.sounding)
    dt__sound_stroke(band, s->drum, s->velocity, m->stroke, event.frame);
  dt__tell(band, &event);
  m->stroke++;
}

static dt__place place_of(const dt__music* m, dt__source source) {
  switch (source) {
  case DT__TEMPO_STEP:
    return m->fresh ? INT64_MAX : dt__tempo_next(m);
  case DT__BAR_LINE:
    return m->bar_end;
  case DT__MIDI_CLOCK:
    if (m->follower == DT__MIDI_WAITS || m->follower == DT__MIDI_RUNS)
      return m->midi_clock * MIDI_CLOCK;
    break;
  case DT__CLICK:
    if (!m->fresh && m->spot.beat < m->pattern.beat_count)
      return m->bar_place + dt__pattern_place(&m->pattern, &m->spot);
    break;
  case DT__SONG_STROKE:
    if (m->song_bar >= 0 && m->stroke < m->start.song->bars[m->song_bar + 1].stroke)
      return stroke_place(m);
    break;
  case DT__NOTHING:
    break;
  }
  return INT64_MAX;
}

static void find_next(dt_band* band) {
  const dt__music* m = &band->music;
  band->next_known = true;
  band->next_source = DT__NOTHING;
  band->next_frame = INT64_MAX;
  if (!m->playing)
    return;
  dt__place first = m->bar_end;
  band->next_source = DT__BAR_LINE;
  for (dt__source s = DT__TEMPO_STEP; s < DT__NOTHING; s++) {
    const dt__place place = place_of(m, s);
    if (place < first) {
      first = place;
      band->next_source = s;
    }
  }
  band->next_moment = dt__clock_moment(&m->clock, first);
  band->next_frame = dt__frame_of(band->next_moment);
}

dt_frame dt__player_next(dt_band* band) {
  if (!band->next_known)
    find_next(band);
  return band->next_frame > band->now ? band->next_frame : band->now;
}

void dt__player_step(dt_band* band) {
  dt__music* m = &band->music;
  const dt__moment moment = band->next_moment;
  band->next_known = false;
  switch (band->next_source) {
  case DT__TEMPO_STEP: {
    const dt__place place = dt__tempo_next(m);
    dt__tempo_step(m, place);
    set_tempo(band, place, moment);
    break;
  }
  case DT__BAR_LINE:
    begin_bar(band, moment);
    break;
  case DT__MIDI_CLOCK:
    dt__tell_midi(band, dt__frame_heard(band, moment), 0xF8);
    m->midi_clock++;
    break;
  case DT__CLICK:
    click(band, moment);
    break;
  case DT__SONG_STROKE:
    stroke(band, moment);
    break;
  case DT__NOTHING:
    break;
  }
}
