#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "dt/file.h"
#include "listen.h"

static double length_s(const dt_sound_info* sound) {
  return sound->rate_hz > 0 && sound->frame_count > 0 ? (double)sound->frame_count / sound->rate_hz
                                                      : 0;
}

static bool tick(void* context, double done) {
  dt__listen_heard* in = context;
  const double part = isfinite(done) ? done : 0;
  return in->news.tell(in->news.context, in->job, part, part * length_s(&in->sound));
}

static void drop_doubtful(dt_strokes* strokes, double min_confidence) {
  size_t kept = 0;
  for (size_t i = 0; i < strokes->count; ++i)
    if ((double)strokes->items[i].confidence >= min_confidence)
      strokes->items[kept++] = strokes->items[i];
  strokes->count = kept;
}

/* The folders of the archive are made again below --output; those that are there are no mistake,
 * and what cannot be made is explained by opening the file in it. */
static void make_folders(char* path) {
  for (char* slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    (void)mkdir(path, 0777);
    *slash = '/';
  }
}

/* Could the output be written? Better asked before hours are heard than after. A pipe is left
 * alone: its reader would take the question for the answer. */
static dt_status try_output(const dt__listen_job* job, dt_error* err) {
  struct stat about;
  dt_outfile file;
  if (stat(job->output, &about) == 0 && !S_ISREG(about.st_mode))
    return DT_OK;
  if (job->makes_folders)
    make_folders(job->output);
  const dt_status status = dt_outfile_open(&file, job->output, err);
  if (status == DT_OK)
    dt_outfile_abandon(&file);
  return status;
}

static bool is_sound(const dt__listen_heard* in) {
  return in->settings->format == DT__LISTEN_CLICK;
}

static dt_status write_file(dt__listen_heard* in, dt_error* err) {
  dt_outfile file;
  dt_status status = dt_outfile_open(&file, in->job->output, err);
  if (status != DT_OK)
    return status;
  status = in->settings->kind->write(in, dt_file_sink(file.file), err);
  if (status == DT_OK && !in->news.tell(in->news.context, in->job, 1, in->take.duration_s))
    status = DT_CANCELLED;
  if (status == DT_OK)
    return dt_outfile_commit(&file, err);
  dt_outfile_abandon(&file);
  return err->sentence[0] ? status : dt_fail(err, status, "%s", dt_status_sentence(status));
}

static dt_status write_out(dt__listen_heard* in, dt_error* err) {
  const char* output = in->job->output;
  if (is_sound(in))
    return in->settings->kind->write_sound(in, output != NULL ? output : "-", err);
  if (output != NULL)
    return write_file(in, err);
  return in->settings->kind->write(in, dt_buffer_sink(&in->job->bytes), err);
}

static dt_status hear(dt__listen_heard* in, dt_error* err) {
  dt__listen_job* job = in->job;
  const dt_take_options options = {
      .kit = in->settings->kit,
      .kitmap_path = in->settings->kit_map,
      .progress = tick,
      .progress_ctx = in,
      .sound = &in->sound,
  };
  if (job->output != NULL && try_output(job, err) != DT_OK) {
    job->is_output_at_fault = true;
    return err->status;
  }
  const dt_status status = dt_take_load(&in->take, NULL, job->input, &options, err);
  if (status != DT_OK)
    return status;
  drop_doubtful(&in->take.strokes, in->settings->min_confidence);
  job->is_output_at_fault = true;
  return write_out(in, err);
}

void dt__listen_hear(const dt__listen_settings* settings, dt__listen_job* job,
                     dt__listen_news news) {
  dt__listen_heard in = {.settings = settings, .job = job, .news = news};
  job->status = hear(&in, &job->err);
  job->stroke_count = in.take.strokes.count;
  if (job->status == DT_OK)
    news.tell(news.context, job, 1, in.take.duration_s);
  dt_take_clear(&in.take, NULL);
}
