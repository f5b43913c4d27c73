#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"
#include "dt/chart_file.h"
#include "dt/chart_text.h"
#include "dt/codec.h"
#include "dt/drummer.h"
#include "dt/kitmap.h"
#include "output.h"
#include "paper.h"
#include "render.h"
#include "terminal.h"

enum { RATE_HZ = 48000, BARS_LEAST = 8 };

typedef struct play_values {
  const char* as;
  double bpm;    /* NAN: not given */
  int bars;      /* 0: not given */
  uint64_t seed; /* valid when seed_given is not SEED_UNSET */
  const char* out;
  const char* truth;
  bool list;
} play_values;

/* No drummer has this seed unless it was asked for by number. */
#define SEED_UNSET UINT64_MAX

#define AT(field) offsetof(play_values, field)

const dt__option dt__play_options[] = {
    {'a', "as", "WORDS", "How it is played: \"drift=+2bpm/min scatter=9ms\"", DT__TEXT, AT(as), 0,
     0, NULL},
    {'t', "tempo", "BPM", "Quarter notes a minute, 20 to 400 (default: the chart's own)",
     DT__NUMBER, AT(bpm), 20, 400, NULL},
    {'b', "bars", "N",
     "How many bars; the chart begins again at its end (default: whole times through, 8 or more)",
     DT__INTEGER, AT(bars), 1, 10000, NULL},
    {0, "seed", "N", "Which of the drummer's takes: the same number plays the same strokes",
     DT__SEED, AT(seed), 0, 0, NULL},
    {'o', "output", "FILE",
     "Where to: the ending says how (.wav, .flac, .mid); - is MIDI on standard output",
     DT__FILE_OUT, AT(out), 0, 0, NULL},
    {0, "truth", "FILE", "Write the true time and grid of each stroke as CSV", DT__FILE_OUT,
     AT(truth), 0, 0, NULL},
    {0, "list", NULL, "List the library of charts and leave", DT__FLAG, AT(list), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct play_job {
  play_values values;
  dt_chart chart;
  dt_part part;
  const char* called; /* the chart's name, or what the user called it */
  dt_drummer drummer;
  dt_truths truths;
  dt_take take;
} play_job;

static void list_chart(dt__paper* paper, const dt_chart_entry* entry, const dt_chart* chart) {
  const dt_meter meter = dt_tempo_map_meter(&chart->map, 0);
  dt__write(paper, "%-22s %-46s %2d/%-2d  %3.0f bpm\n", entry->name, chart->title, meter.numerator,
            meter.denominator, dt_tempo_map_bpm(&chart->map, 0));
}

static dt_status write_list(void* context, dt_sink sink) {
  const dt__globals* globals = context;
  dt__paper paper = {sink, DT_OK};
  for (size_t i = 0; dt_chart_library_at(i) && paper.status == DT_OK; i++) {
    const dt_chart_entry* entry = dt_chart_library_at(i);
    if (globals->quiet) {
      dt__write(&paper, "%s\n", entry->name);
      continue;
    }
    dt_chart chart;
    paper.status = dt_chart_library_load(&chart, NULL, entry);
    if (paper.status == DT_OK)
      list_chart(&paper, entry, &chart);
    dt_chart_clear(&chart, NULL);
  }
  return paper.status;
}

static const char* kind_name(dt_truth_kind kind) {
  switch (kind) {
  case DT_TRUTH_MAIN:
    return "main";
  case DT_TRUTH_GRACE:
    return "grace";
  case DT_TRUTH_ROLL:
    return "roll";
  case DT_TRUTH_WRONG:
    return "wrong";
  case DT_TRUTH_EXTRA:
    break;
  }
  return "extra";
}

static double beat_of(dt_tick tick) {
  return (double)tick / DT_TICKS_PER_QUARTER;
}

/* The note's number from 1, as the bar's: of the part as it is written out. */
static void write_place(dt__paper* paper, const play_job* job, size_t note, size_t bar) {
  dt__write(paper, ",%zu,", job->truths.bars[bar].part_bar + 1);
  if (note != SIZE_MAX)
    dt__write(paper, "%zu", note + 1);
}

static dt_status write_truth(void* context, dt_sink sink) {
  const play_job* job = context;
  const dt_truths* truths = &job->truths;
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper,
            "time_s,drum,velocity,beat,click_time_s,own_time_s,offset_ms,kind,hand,bar,note\n");
  for (size_t i = 0; i < truths->count; i++) {
    const dt_truth* t = &truths->items[i];
    dt__write(&paper, "%.6f,%s,%.1f,%.6f,%.6f,%.6f,%.3f,%s,%c", t->stroke.time_s,
              dt_drum_name(t->stroke.drum), (double)t->stroke.velocity, beat_of(t->tick),
              t->click_time_s, t->own_time_s, t->offset_ms, kind_name(t->kind),
              t->hand == ' ' ? '-' : t->hand);
    write_place(&paper, job, t->note, t->bar);
    dt__write(&paper, "\n");
  }
  for (size_t i = 0; i < truths->event_count; i++) {
    const dt_truth_event* e = &truths->events[i];
    if (e->fate != DT_TRUTH_MISSED)
      continue;
    const dt_chart_note* note = &job->part.notes[e->note].note;
    dt__write(&paper, ",%s,,%.6f,%.6f,%.6f,,missed,%c", dt_drum_name(note->drum), beat_of(e->tick),
              e->click_time_s, e->own_time_s, note->hand == ' ' ? '-' : note->hand);
    write_place(&paper, job, e->note, e->bar);
    dt__write(&paper, "\n");
  }
  return paper.status;
}

static bool ends_with(const char* text, const char* ending) {
  size_t length = strlen(text);
  size_t ending_length = strlen(ending);
  return length > ending_length && strcasecmp(text + length - ending_length, ending) == 0;
}

static bool is_sound(const char* path) {
  return ends_with(path, ".wav") || ends_with(path, ".flac");
}

static bool is_midi(const char* path) {
  return strcmp(path, "-") == 0 || ends_with(path, ".mid") || ends_with(path, ".midi");
}

static int no_such_chart(const char* typed) {
  const char* near = NULL;
  size_t distance = SIZE_MAX;
  for (size_t i = 0; dt_chart_library_at(i); i++)
    if (dt__is_nearer(typed, dt_chart_library_at(i)->name, &distance))
      near = dt_chart_library_at(i)->name;
  if (near)
    return dt__usage_error("play", "there is no chart or file '%.60s'; did you mean %s?", typed,
                           near);
  return dt__usage_error("play", "there is no chart or file '%.60s'; --list names the charts",
                         typed);
}

static int load_chart(play_job* job, const char* name) {
  dt_error err = {0};
  const dt_status status = dt_chart_load(&job->chart, NULL, name, &err);
  if (status == DT_NOT_FOUND)
    return no_such_chart(name);
  if (status != DT_OK)
    return dt__world_error(name, status, &err);
  job->called = job->chart.name[0] ? job->chart.name : name;
  return DT__DONE;
}

/* Whole times through, enough to be a take. */
static int bars_of(const dt_chart* chart) {
  const int64_t once = dt_chart_played_bars(chart);
  const int64_t times = once < BARS_LEAST ? (BARS_LEAST + once - 1) / once : 1;
  return once * times <= INT_MAX ? (int)(once * times) : 0;
}

static int unroll(play_job* job) {
  const dt_status status = dt_drummer_part(&job->drummer, &job->chart, NULL, &job->part);
  return status == DT_OK ? DT__DONE : dt__world_error(job->called, status, NULL);
}

/* What was asked, in order: the chart's own tempo, then --as, then the options. */
static int prepare(play_job* job, const char* name) {
  const play_values* values = &job->values;
  dt_error err = {0};
  if (!values->out)
    return dt__usage_error("play", "say where to with -o take.wav, take.flac, take.mid or -");
  if (!is_sound(values->out) && !is_midi(values->out))
    return dt__usage_error("play", "-o %.120s: the name must end in .wav, .flac or .mid",
                           values->out);
  const int loaded = load_chart(job, name);
  if (loaded != DT__DONE)
    return loaded;
  job->drummer = dt_drummer_default();
  job->drummer.bars = bars_of(&job->chart);
  job->drummer.bpm = dt_tempo_map_bpm(&job->chart.map, 0);
  if (values->as && dt_drummer_parse(&job->drummer, values->as, &err) != DT_OK)
    return dt__usage_error("play", "--as: %s", err.sentence);
  if (!isnan(values->bpm))
    job->drummer.bpm = values->bpm;
  if (values->bars > 0)
    job->drummer.bars = values->bars;
  if (values->seed != SEED_UNSET)
    job->drummer.seed = values->seed;
  return unroll(job);
}

typedef struct sound_job {
  dt__render render;
  dt_frame length;
  dt__progress progress;
} sound_job;

static bool fill_sound(void* context, float* samples, size_t frame_count, dt_frame position) {
  sound_job* job = context;
  if (!dt__progress_tick(&job->progress, (double)position / (double)job->length))
    return false;
  dt__render_block(&job->render, samples, frame_count, position);
  return true;
}

static int write_sound(play_job* job, const dt__globals* globals) {
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE_HZ, job->drummer.seed);
  if (!kit)
    return dt__world_error(NULL, DT_NO_MEMORY, NULL);
  sound_job sound = {
      .render = dt__render_new(kit, RATE_HZ, job->take.strokes.items, job->take.strokes.count),
      .progress = dt__progress_begin(globals, "Playing"),
  };
  dt_frame bars_end = (dt_frame)ceil(job->take.duration_s * RATE_HZ);
  dt_frame faded = dt__render_length(&sound.render);
  sound.length = bars_end > faded ? bars_end : faded;
  dt_error err = {0};
  dt_status status =
      dt_sound_write(job->values.out, RATE_HZ, sound.length, fill_sound, &sound, &err);
  dt__progress_end(&sound.progress);
  dt_synthkit_free(kit);
  if (status == DT_CANCELLED)
    return dt__stopped_status();
  return status == DT_OK ? DT__DONE : dt__world_error(job->values.out, status, &err);
}

static int play(play_job* job, const dt__globals* globals) {
  const bool sound = is_sound(job->values.out);
  const dt__output outputs[] = {
      {"--output", sound ? NULL : job->values.out, dt__write_midi, &job->take},
      {"--truth", job->values.truth, write_truth, job},
  };
  dt_error err = {0};
  dt_status status = dt_drummer_play(&job->drummer, &job->part, NULL, &job->truths, &err);
  if (status == DT_BAD_ARGUMENT)
    return dt__usage_error("play", "%s", err.sentence);
  if (status == DT_OK)
    status = dt_take_from_truths(&job->take, NULL, &job->truths, &job->drummer, &job->part);
  if (status != DT_OK)
    return dt__world_error(NULL, status, &err);
  int result = sound ? write_sound(job, globals) : DT__DONE;
  if (result == DT__DONE)
    result = dt__outputs_write(outputs, sizeof outputs / sizeof outputs[0]);
  if (result == DT__DONE)
    dt__note(globals, "%s: %d bars of %s at %g bpm, %zu strokes; bar 1 begins at %.3f s",
             strcmp(job->values.out, "-") == 0 ? "standard output" : job->values.out,
             (int)job->truths.bar_count, job->called, dt_tempo_map_bpm(&job->part.map, 0),
             job->truths.count, dt_drummer_lead_in_s(&job->drummer, &job->part));
  return result;
}

int dt__play_command(int argc, char** argv, dt__globals* globals) {
  play_job job;
  memset(&job, 0, sizeof job);
  job.values.bpm = (double)NAN;
  job.values.seed = SEED_UNSET;
  const char* name = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("play", &job.values, globals, argc, argv, &name, &status))
    return status;
  if (job.values.list)
    return dt__print(write_list, globals);
  if (!name)
    return dt__usage_error("play", "name a chart or a file; --list shows the library");
  const dt__output named[] = {{"--output", job.values.out, NULL, NULL},
                              {"--truth", job.values.truth, NULL, NULL}};
  char message[DT__MESSAGE_MAX];
  if (!dt__outputs_agree(named, 2, NULL, message))
    return dt__usage_error("play", "%s", message);
  status = prepare(&job, name);
  if (status == DT__DONE)
    status = play(&job, globals);
  dt_take_clear(&job.take, NULL);
  dt_truths_clear(&job.truths, NULL);
  dt_part_clear(&job.part, NULL);
  dt_chart_clear(&job.chart, NULL);
  return status;
}
