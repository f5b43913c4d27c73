#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"
#include "dt/codec.h"
#include "dt/drummer.h"
#include "dt/groove.h"
#include "dt/groove_part.h"
#include "dt/kitmap.h"
#include "output.h"
#include "paper.h"
#include "render.h"
#include "terminal.h"

enum { RATE_HZ = 48000 };

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
    {'t', "tempo", "BPM", "Quarter notes a minute, 20 to 400 (default: the groove's own)",
     DT__NUMBER, AT(bpm), 20, 400, NULL},
    {'b', "bars", "N", "How many bars (default 8)", DT__INTEGER, AT(bars), 1, 10000, NULL},
    {0, "seed", "N", "Which of the drummer's takes: the same number plays the same strokes",
     DT__SEED, AT(seed), 0, 0, NULL},
    {'o', "output", "FILE",
     "Where to: the ending says how (.wav, .flac, .mid); - is MIDI on standard output",
     DT__FILE_OUT, AT(out), 0, 0, NULL},
    {0, "truth", "FILE", "Write the true time and grid of each stroke as CSV", DT__FILE_OUT,
     AT(truth), 0, 0, NULL},
    {0, "list", NULL, "List the grooves and leave", DT__FLAG, AT(list), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct play_job {
  play_values values;
  const dt_groove* groove;
  dt_drummer drummer;
  dt_truths truths;
  dt_take take;
} play_job;

static dt_status write_list(void* context, dt_sink sink) {
  const dt__globals* globals = context;
  dt__paper paper = {sink, DT_OK};
  for (size_t i = 0; dt_groove_at(i); i++) {
    const dt_groove* g = dt_groove_at(i);
    if (globals->quiet)
      dt__write(&paper, "%s\n", g->name);
    else
      dt__write(&paper, "%-18s %-36s %2d/%-2d  %3.0f bpm\n", g->name, g->title, g->meter.numerator,
                g->meter.denominator, g->bpm);
  }
  return paper.status;
}

static dt_status write_truth(void* context, dt_sink sink) {
  const play_job* job = context;
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper, "time_s,drum,velocity,beat,click_time_s,own_time_s,grace\n");
  for (size_t i = 0; i < job->truths.count; i++) {
    const dt_truth* t = &job->truths.items[i];
    dt__write(&paper, "%.6f,%s,%.1f,%.6f,%.6f,%.6f,%d\n", t->stroke.time_s,
              dt_drum_name(t->stroke.drum), (double)t->stroke.velocity,
              (double)t->tick / DT_TICKS_PER_QUARTER, t->click_time_s, t->own_time_s,
              t->kind == DT_TRUTH_GRACE);
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

static int no_such_groove(const char* typed) {
  const char* near = NULL;
  size_t distance = SIZE_MAX;
  for (size_t i = 0; dt_groove_at(i); i++)
    if (dt__is_nearer(typed, dt_groove_at(i)->name, &distance))
      near = dt_groove_at(i)->name;
  if (near)
    return dt__usage_error("play", "there is no groove '%.60s'; did you mean %s?", typed, near);
  return dt__usage_error("play", "there is no groove '%.60s'; --list names them", typed);
}

/* What was asked, in order: the groove's own tempo, then --as, then the options. */
static int prepare(play_job* job, const char* name) {
  const play_values* values = &job->values;
  dt_error err = {0};
  job->groove = dt_groove_named(name);
  if (!job->groove)
    return no_such_groove(name);
  if (!values->out)
    return dt__usage_error("play", "say where to with -o take.wav, take.flac, take.mid or -");
  if (!is_sound(values->out) && !is_midi(values->out))
    return dt__usage_error("play", "-o %.120s: the name must end in .wav, .flac or .mid",
                           values->out);
  job->drummer = dt_drummer_default();
  job->drummer.bpm = job->groove->bpm;
  if (values->as && dt_drummer_parse(&job->drummer, values->as, &err) != DT_OK)
    return dt__usage_error("play", "--as: %s", err.sentence);
  if (!isnan(values->bpm))
    job->drummer.bpm = values->bpm;
  if (values->bars > 0)
    job->drummer.bars = values->bars;
  if (values->seed != SEED_UNSET)
    job->drummer.seed = values->seed;
  return DT__DONE;
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
  dt_status status = dt_drummer_play_groove(&job->drummer, job->groove, NULL, &job->truths, &err);
  if (status == DT_BAD_ARGUMENT)
    return dt__usage_error("play", "%s", err.sentence);
  if (status == DT_OK)
    status = dt_take_from_groove(&job->take, NULL, &job->truths, &job->drummer, job->groove);
  if (status != DT_OK)
    return dt__world_error(NULL, status, &err);
  int result = sound ? write_sound(job, globals) : DT__DONE;
  if (result == DT__DONE)
    result = dt__outputs_write(outputs, sizeof outputs / sizeof outputs[0]);
  if (result == DT__DONE)
    dt__note(globals, "%s: %d bars of %s at %g bpm, %zu strokes; bar 1 begins at %.3f s",
             strcmp(job->values.out, "-") == 0 ? "standard output" : job->values.out,
             job->drummer.bars, job->groove->name, job->drummer.bpm, job->truths.count,
             dt_drummer_groove_lead_in_s(&job->drummer, job->groove));
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
    return dt__usage_error("play", "name a groove; --list shows them");
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
  return status;
}
